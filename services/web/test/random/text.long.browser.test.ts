import { expect, test } from "vitest";
import { findingsOf, keyboardFindingsOf } from "../browser/inspector.ts";
import { choose, tabTo } from "../browser/keyboard.ts";
import { type Person, phone } from "../browser/person.ts";
import { describeOnStage } from "../browser/stage.ts";
import { eventually } from "../eventually.ts";

const TABS = ["Random", "Match", "Calls", "Rooms", "Chat"];
/** The end of the page, where the connection is told. */
const CONNECTED = "Connection: connected";

const TYPING = "Your partner is typing";
/** After so long without a key somebody has stopped typing, and the next key says anew that they type. */
const IDLE_MS = 2000;

describeOnStage("a text conversation on a phone, with the keyboard only", (stage) => {
  test("chosen, found, typed, gone on from and left", async () => {
    const [one, two, three] = [await comes(), await comes(), await comes()];
    const chosen = await tabTo(one, "start-text");
    expect(chosen).toEqual([...TABS, "interests", "language", "start-text"]);
    await one.page.keyboard.press("Enter");
    await one.sees("status", "Looking for someone");
    await choose(two, "start-text");
    await Promise.all([one, two].map((person) => person.sees("status", "Talking to a stranger")));
    const room = await one.known("room-id");
    expect(await two.known("room-id")).toBe(room);

    await converse(one, two);
    expect(await tabTo(one, CONNECTED)).toEqual(["next", "leave", "block", "report", CONNECTED]);

    await choose(three, "start-text");
    await three.sees("status", "Looking for someone");
    await one.page.keyboard.press("Escape");
    await one.sees("status", "Press Escape again");
    await one.page.keyboard.press("Escape");
    await two.sees("status", "Your partner has left");
    await Promise.all([one, three].map((person) => person.sees("status", "Talking to a stranger")));
    expect(await one.known("room-id")).not.toBe(room);
    expect(await three.known("room-id")).toBe(await one.known("room-id"));

    // the focus is on the next person already
    await two.page.keyboard.press("Enter");
    await two.sees("status", "Looking for someone");
    await choose(three, "leave");
    await three.sees("status", "Ready when you are");
    await one.sees("status", "Your partner has left");
    await two.page.keyboard.press("Escape");
    await two.sees("status", "Ready when you are");
  });

  test("nothing to stumble over while waiting, talking, away, and after it", async () => {
    const [one, two] = [await comes(), await comes()];
    await choose(one, "start-text");
    await one.sees("wait");
    expect(await stumblingBlocksOf(one)).toEqual([]);
    await choose(two, "start-text");
    await one.sees("status", "Talking to a stranger");
    await converse(one, two);
    expect(await stumblingBlocksOf(one)).toEqual([]);

    await one.page.context().setOffline(true);
    await one.page.evaluate(() => document.querySelector<HTMLElement>("[data-testid=cut]")?.click());
    await one.sees("status", "Reconnecting");
    expect(await findingsOf(one)).toEqual([]);
    await one.page.context().setOffline(false);
    await one.sees("status", "Talking to a stranger");
    expect(await one.known("recovered")).toBe("yes");
    expect(await announced(one, "returned")).toEqual(["polite", "You are connected again, and nothing was missed."]);
    expect(await findingsOf(one)).toEqual([]);

    await choose(two, "leave");
    await one.sees("status", "Your partner has left");
    expect(await stumblingBlocksOf(one)).toEqual([]);
  });

  test("what the partner does is read out, without interrupting", async () => {
    const [one, two] = [await comes(), await comes()];
    await choose(one, "start-text");
    await choose(two, "start-text");
    await two.says("hello");
    await one.sees("messages", "hello");
    expect(await announced(one, "status")).toEqual(["polite", "Talking to a stranger"]);
    expect(await announced(one, "log")).toEqual(["polite", expect.stringContaining("hello")]);
    await choose(two, "leave");
    await one.sees("status", "Your partner has left");
    expect(await announced(one, "status")).toEqual(["polite", "Your partner has left"]);
  });

  function comes(): Promise<Person> {
    return stage.person("#/random", "own-node", { screen: phone });
  }
});

async function converse(one: Person, two: Person): Promise<void> {
  for (const [writer, reader] of [
    [one, two],
    [two, one],
  ] as const) {
    await tabTo(writer, "message-input");
    await noteTyping(reader);
    await eventually(async () => {
      await writer.page.keyboard.type("Hello, who are you? "); // that somebody types may get lost
      await reader.page.waitForFunction(() => "typingSeen" in globalThis, undefined, { timeout: IDLE_MS });
    });
    const written = await writer.reads("message-input");
    await writer.page.keyboard.press("Enter");
    await reader.sees("messages", written.trim());
    await reader.page.getByText(TYPING).waitFor({ state: "detached" });
  }
}

/** Notes in the page that the partner was seen to type, which may be over before anybody looks. */
async function noteTyping({ page }: Person): Promise<void> {
  await page.evaluate((words) => {
    Reflect.deleteProperty(globalThis, "typingSeen");
    const observer = new MutationObserver(() => {
      if (!document.body.textContent.includes(words)) return;
      Object.assign(globalThis, { typingSeen: true });
      observer.disconnect();
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  }, TYPING);
}

async function stumblingBlocksOf(person: Person): Promise<string[]> {
  return [...(await findingsOf(person)), ...(await keyboardFindingsOf(person))];
}

/** How a screen reader is told of a change in a part of the page, and what that part says. */
async function announced(person: Person, testId: string): Promise<[string, string]> {
  const browser = await person.page.context().newCDPSession(person.page);
  const { root } = await browser.send("DOM.getDocument");
  const { nodeId } = await browser.send("DOM.querySelector", {
    nodeId: root.nodeId,
    selector: `[data-testid="${testId}"]`,
  });
  const { nodes } = await browser.send("Accessibility.getPartialAXTree", { nodeId, fetchRelatives: false });
  await browser.detach();
  const live = nodes[0]?.properties?.find(({ name }) => name === "live");
  return [String(live?.value.value), await person.read(testId)];
}
