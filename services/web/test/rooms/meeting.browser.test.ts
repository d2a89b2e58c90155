import { test } from "vitest";
import type { Person } from "../browser/person.ts";
import { describeOnStage } from "../browser/stage.ts";

describeOnStage("a meeting of two", (stage) => {
  test("they see each other, write, mute, darken, share a screen; one goes to another tab", async () => {
    const ann = await comes("#/rooms", "ann");
    await ann.says("anyone here?");
    const { hash } = new URL(await ann.reads("link"));
    const bob = await comes(hash, "bob");
    await Promise.all([ann.playsVideos(1), bob.playsVideos(1)]);
    await bob.sees("messages", "anyone here?");
    await bob.says("yes, me");
    await ann.sees("messages", "yes, me");

    await ann.press("mute");
    await ann.press("camera-off");
    await bob.seesSign("ann", "muted");
    await bob.seesSign("ann", "dark");
    await bob.seesShape("camera");
    await ann.press("share-screen");
    await bob.seesSign("ann", "sharing");
    await bob.seesShape("screen");
    await bob.playsVideos(1);
    await ann.press("share-screen");
    await bob.seesNo("badge-sharing");
    await bob.seesShape("camera");

    await bob.reports("report-ann", "shows what I do not want to see");
    await ann.press("cut");
    await ann.sees("recovered", "yes");
    await ann.says("still here");
    await bob.sees("messages", "still here");
    await ann.opens("#/match");
    await bob.seesNo("tile");
    await ann.sees("status", "Ready when you are");
  });

  async function comes(place: string, name: string): Promise<Person> {
    const person = await stage.person(place);
    await person.writes("user-name", name);
    await person.press("enter");
    await person.sees("status", /in /);
    return person;
  }
});
