import { test } from "vitest";
import { describeOnStage } from "../browser/stage.ts";
import { meet } from "./meet.ts";

describeOnStage("two who know their match", (stage) => {
  test("one calls, the other accepts, they see each other, and it goes on at another node", async () => {
    const { one, two } = await meet(stage);
    await one.press("call");
    await two.press("accept");
    await Promise.all([one.playsVideos(1), two.playsVideos(1)]);
    one.movesTo(stage.cluster().node(1));
    await one.sees("recovered", "yes");
    await Promise.all([one.playsVideos(1), two.playsVideos(1)]);
    await one.press("end");
    await two.sees("notice", "has ended the call");
    await two.sees("status", "is here");
  });
});
