import { expect, test } from "vitest";
import { findingsOf } from "./browser/inspector.ts";
import { type Person, phone } from "./browser/person.ts";
import { describeOnStage } from "./browser/stage.ts";

describeOnStage("a call of somebody whose camera can't be had", (stage) => {
  test("refused: says how to allow it, and goes on with what the partner gives", async () => {
    const one = await stage.person("#/random", "own-node", { screen: phone, camera: "refused" });
    const two = await stage.person("#/random");
    await one.press("start-video");
    await one.sees("status", "Looking for someone");
    await one.sees("notice", /not allowed.*allow it in your browser's address bar.*still see and hear the others/);
    await two.press("start-video");
    await one.playsVideos(1);
    await one.sees("own-picture", "No camera");
    await two.sees("stage", "Your partner has no camera");
    await talk(one, two);
    expect(await one.page.getByTestId("mute").isDisabled()).toBe(true);
    expect(await findingsOf(one)).toEqual([]);
  });

  test("no camera: says so, and goes on with the microphone", async () => {
    const one = await stage.person("#/random", "own-node", { screen: phone, camera: "without a camera" });
    const two = await stage.person("#/random");
    await one.press("start-video");
    await one.sees("notice", /hear you, but do not see you.*connect a camera/);
    await two.press("start-video");
    await one.playsVideos(1);
    await one.sees("own-picture", "No camera");
    await two.sees("stage", "Your partner has no camera");
    expect(await hears(two)).toBe(true);
    await one.press("mute");
    await talk(one, two);
    expect(await findingsOf(one)).toEqual([]);
  });
});

async function talk(one: Person, two: Person): Promise<void> {
  await one.says("I have no camera");
  await two.sees("messages", "I have no camera");
}

/** Waits until the partner's sound is played. */
async function hears({ page }: Person): Promise<boolean> {
  const playing = await page.waitForFunction(() => {
    const video = document.querySelector<HTMLVideoElement>('[data-testid="remote-video"]');
    const stream = video?.srcObject;
    return (
      stream instanceof MediaStream && stream.getAudioTracks().some(({ muted }) => !muted) && video?.paused === false
    );
  });
  return playing.jsonValue();
}
