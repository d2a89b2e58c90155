import { expect, test } from "vitest";
import { findingsOf } from "./browser/inspector.ts";
import { desk, type Person, phone } from "./browser/person.ts";
import { describeOnStage } from "./browser/stage.ts";

/** What the server takes at most. */
const MAX_ID = 128;
/** What the server shows of a name. */
const MAX_NAME = 64;
const MAX_MESSAGE = 4000;

const narrow = { ...phone, viewport: { width: 320, height: 568 } };
const unbroken = "W".repeat(MAX_ID - 8);
const leftwards = "محمد بن عبد الله الطويل 👩🏽‍🚀🦜 (٣)";
const emoji = "👩‍👩‍👧‍👦".repeat(11);

describeOnStage("names and messages of any length and script", (stage) => {
  test("a conversation", async () => {
    const [one, two] = await Promise.all([comes("#/random"), stage.person("#/random", "own-node", { screen: desk })]);
    for (const person of [one, two]) {
      await person.writes("interests", `${"x".repeat(MAX_ID)}, ${leftwards}, ${emoji}`);
      await person.press("start-text");
    }
    for (const text of ["W".repeat(MAX_MESSAGE), leftwards.repeat(20), emoji.repeat(8), "a\tb ".repeat(900)]) {
      await one.says(text);
      await two.says(text);
      await Promise.all([one, two].map((person) => person.sees("messages", text.trim().slice(-100))));
    }
    for (const person of [one, two]) expect(await findingsOf(person)).toEqual([]);
    const directions = one.page.locator(".line-text:dir(rtl)");
    expect(await directions.count()).toBe(2);
  });

  test("a match and a call", async () => {
    const id = `${Math.random()}${unbroken}`.slice(0, MAX_ID);
    const [one, two] = await Promise.all([comes("#/match"), comes("#/match")]);
    for (const [person, own] of [
      [one, unbroken],
      [two, leftwards],
    ] as const) {
      await person.writes("match-id", id);
      await person.writes("user-id", own);
      await person.press("enter");
    }
    for (const person of [one, two]) {
      await person.sees("status", "is here");
      expect(await findingsOf(person)).toEqual([]);
    }
    await one.press("call");
    await two.sees("accept");
    for (const person of [one, two]) expect(await findingsOf(person)).toEqual([]);
    await two.press("accept");
    for (const person of [one, two]) {
      await person.playsVideos(1);
      expect(await findingsOf(person)).toEqual([]);
    }
  });

  test("those who are online, an invitation and a group call", async () => {
    const [one, two] = await Promise.all([comes("#/calls"), comes("#/calls")]);
    for (const [person, own] of [
      [one, unbroken],
      [two, leftwards],
    ] as const) {
      await person.writes("username", own);
      await person.press("come-online");
    }
    await two.press(`choose-${unbroken.slice(0, MAX_NAME)}`);
    expect(await findingsOf(two)).toEqual([]);
    await two.press("call-video");
    await one.sees("incoming");
    expect(await findingsOf(one)).toEqual([]);
    await one.press("accept");
    await one.playsVideos(1);
    for (const person of [one, two]) expect(await findingsOf(person)).toEqual([]);
  });

  test("a meeting", async () => {
    const room = `${Math.random()}${unbroken}`.slice(0, MAX_ID);
    const [one, two] = await Promise.all([comes("#/rooms"), comes("#/rooms")]);
    for (const [person, own] of [
      [one, unbroken],
      [two, emoji],
    ] as const) {
      await person.writes("room", room);
      await person.writes("user-name", own);
      await person.press("enter");
    }
    await one.playsVideos(1);
    await two.says(unbroken.repeat(9));
    await one.sees("messages", unbroken);
    expect(await findingsOf(one)).toEqual([]);
  });

  function comes(place: string): Promise<Person> {
    return stage.person(place, "transport", { screen: narrow });
  }
});
