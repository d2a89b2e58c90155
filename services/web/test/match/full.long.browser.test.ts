import { test } from "vitest";
import { describeOnStage } from "../browser/stage.ts";
import { meet } from "./meet.ts";

describeOnStage("two who know their match, and a third one", (stage) => {
  test("a call is declined with a reason; a third one gets in when somebody leaves", async () => {
    const { one, two, link } = await meet(stage);
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
});
