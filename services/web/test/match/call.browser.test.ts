import { expect, test } from "vitest";
import type { Person } from "../browser/person.ts";
import { describeOnStage } from "../browser/stage.ts";

describeOnStage("two who know their match", (stage) => {
  test("one calls, the other accepts, they see each other, and it goes on over a broken connection", async () => {
    const [one, two] = await meet();
    await one.press("call");
    await two.press("accept");
    await Promise.all([one.playsVideos(1), two.playsVideos(1)]);
    await one.press("cut");
    await one.sees("recovered", "yes");
    await Promise.all([one.playsVideos(1), two.playsVideos(1)]);
    await one.press("end");
    await two.sees("notice", "has ended the call");
    await two.sees("status", "is here");
  });

  test("a call is declined with a reason; a third one gets in when somebody leaves", async () => {
    const [one, two, link] = await meet();
    await one.press("call");
    await two.writes("reason", "in a meeting");
    await two.press("reject");
    await one.sees("notice", "in a meeting");
    const three = await stage.person(link);
    await three.press("enter");
    await three.sees("status", "full");
    await two.press("leave");
    await three.sees("status", "is here");
    await one.sees("status", "is here");
  });

  async function meet(): Promise<[Person, Person, string]> {
    const one = await stage.person("#/match");
    await one.press("enter");
    await one.sees("status", "waiting for the other one");
    const link = new URL(await one.reads("link")).hash;
    const two = await stage.person(link);
    await two.press("enter");
    await Promise.all([one.sees("status", "is here"), two.sees("status", "is here")]);
    expect(await two.read("match")).toBe(await one.read("match"));
    return [one, two, link];
  }
});
