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

  test("one who leaves while the connection is away makes room as soon as it is back", async () => {
    const { one, two, link } = await meet(stage);
    const three = await stage.person(link);
    const name = await three.reads("user-id");
    await three.press("enter");
    await three.sees("status", "full");
    await two.page.context().setOffline(true);
    await two.press("cut");
    await two.sees("status", "Reconnecting");
    await two.press("leave");
    await two.page.context().setOffline(false);
    await three.sees("status", "is here");
    await one.sees("status", `${name} is here`);
  });
});
