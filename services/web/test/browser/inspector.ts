import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { bundled } from "./bundled.ts";
import type { Person } from "./person.ts";

type InPage = typeof import("./in-page/findings.ts");

const source = fileURLToPath(new URL("./in-page/findings.ts", import.meta.url));
/** WCAG 2.2, 1.4.3: for text of any size. */
const CONTRAST = 4.5;
/** What a finger needs. */
const FINGER_PX = 44;
/** WCAG 2.2, 2.5.8. */
const POINTER_PX = 24;

const roles = new Set(["button", "link", "textbox", "searchbox", "checkbox", "combobox", "DisclosureTriangle"]);
let script: Promise<string> | undefined;

/** What whoever sees badly, or has a small screen, no mouse or a screen reader would stumble over on a page as it is now. */
export async function findingsOf({ page }: Person): Promise<string[]> {
  await prepare(page);
  const findings = [...(await namelessControls(page)), ...(await lookFor(page))];
  await page.emulateMedia({ colorScheme: "dark" });
  findings.push(...(await lookFor(page)).map((finding) => `dark: ${finding}`));
  await page.emulateMedia({ colorScheme: "light" });
  return findings;
}

/** Presses Tab all around the page; every control must get the focus, and be seen to have it. */
export async function keyboardFindingsOf({ page }: Person): Promise<string[]> {
  await prepare(page);
  const count = await page.evaluate(() => (globalThis as unknown as { findings: InPage }).findings.reachableCount());
  const reached = new Set<number>();
  const findings = new Set<string>();
  for (let press = 0; press < 2 * count && reached.size < count; press += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => (globalThis as unknown as { findings: InPage }).findings.focused());
    if (focus.place === -1) continue;
    reached.add(focus.place);
    for (const finding of focus.findings) findings.add(finding);
  }
  const missed = reached.size < count ? [`Tab comes to ${reached.size} of ${count} controls`] : [];
  return [...missed, ...findings];
}

async function prepare(page: Page): Promise<void> {
  if (await page.evaluate(() => "findings" in globalThis)) return;
  script ??= bundled(source, "findings");
  await page.evaluate(`${await script}; globalThis.findings = findings;`);
}

async function lookFor(page: Page): Promise<string[]> {
  const touch = await page.evaluate(() => matchMedia("(pointer: coarse)").matches);
  return page.evaluate(
    async ({ contrast, leastPx }) => {
      const transitions = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
      await Promise.all(transitions.map(({ finished }) => finished));
      const { faintTexts, smallControls, wideElements } = (globalThis as unknown as { findings: InPage }).findings;
      return [...wideElements(), ...smallControls(leastPx), ...faintTexts(contrast)];
    },
    { contrast: CONTRAST, leastPx: touch ? FINGER_PX : POINTER_PX },
  );
}

/** As the browser tells a screen reader. */
async function namelessControls(page: Page): Promise<string[]> {
  const browser = await page.context().newCDPSession(page);
  const { nodes } = await browser.send("Accessibility.getFullAXTree");
  await browser.detach();
  const nameless = nodes.filter(({ ignored, role, name }) => !ignored && roles.has(role?.value) && !name?.value);
  return nameless.map(({ role }) => `a ${role?.value} without a name`);
}
