import { expect, test } from "vitest";
import { findingsOf, keyboardFindingsOf } from "./browser/inspector.ts";
import { desk, type Person, phone, type Screen } from "./browser/person.ts";
import { describeOnStage, type Stage } from "./browser/stage.ts";
import { eventually } from "./eventually.ts";

const TABS = ["random", "match", "calls", "rooms", "chat"] as const;
const NAME = "Kestrel & Sons";

const screens: readonly (readonly [number, Screen])[] = [
  [320, { ...phone, viewport: { width: 320, height: 568 } }],
  [390, phone],
  [768, { ...phone, viewport: { width: 768, height: 1024 } }],
  [1280, desk],
];

describeOnStage("the page on every screen", tell, { environment: { APP_NAME: NAME } });

function tell(stage: Stage): void {
  test.for(screens)("nothing to stumble over on any tab at %i px", async ([_, screen]) => {
    const person = await stage.person("#/random", "transport", { screen });
    for (const tab of TABS) {
      await person.opens(`#/${tab}`);
      await person.page.locator(".start").waitFor();
      expect([tab, await findingsOf(person), await keyboardFindingsOf(person)]).toEqual([tab, [], []]);
      await unfoldConnection(person);
      expect([tab, await findingsOf(person)]).toEqual([tab, []]);
    }
  });

  test("it has the deployment's name, and never another one before", async () => {
    const person = await stage.person("#/random");
    const { page } = person;
    await person.sees("transport", "websocket"); // a page that is reloaded while it polls can't say goodbye
    let refusals = 0;
    await page.route("**/health", (route) => {
      refusals += 1;
      return refusals > 1 ? route.continue() : route.abort();
    });
    await page.addInitScript(() => {
      const seen = new Set<string>();
      const note = () => {
        seen.add(document.title).add(document.querySelector("[data-testid=app-name]")?.textContent ?? "");
      };
      new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true });
      Object.assign(globalThis, { namesSeen: seen });
    });
    await page.reload();
    await person.sees("app-name", NAME);
    expect(refusals).toBe(2);
    expect(await page.title()).toBe(NAME);
    const seen = await page.evaluate(() => [...(globalThis as unknown as { namesSeen: Set<string> }).namesSeen]);
    expect(seen.toSorted()).toEqual(["", "Connecting…", NAME]);
    await person.press("start-text");
    await eventually(async () => expect(await page.title()).toBe(`Looking for someone… · ${NAME}`));
  });

  test("it moves only for those who have nothing against it", async () => {
    const person = await stage.person("#/random", "transport", { screen: { ...desk, reducedMotion: "no-preference" } });
    await person.press("start-text");
    await person.sees("wait");
    expect(await animations(person)).toBeGreaterThan(0);
    await person.page.emulateMedia({ reducedMotion: "reduce" });
    expect(await animations(person)).toBe(0);
  });
}

async function unfoldConnection({ page }: Person): Promise<void> {
  const folded = page.locator("details:not([open]) > summary");
  if ((await folded.count()) > 0) await folded.click();
}

function animations({ page }: Person): Promise<number> {
  return page.evaluate(() => document.getAnimations().length);
}
