import { beforeAll, expect, test } from "vitest";
import { ModeratedQueue } from "./moderated/moderated-queue.ts";

let queue: ModeratedQueue;
beforeAll(async () => {
  queue = await ModeratedQueue.open();
  return queue.stop;
});

test("2,000 join while bans and shadows come and go and a matchmaker is killed: nobody banned is paired, nobody across cohorts or the shadow pool, nobody is lost", async () => {
  await queue.expectRight({ joins: 2000, kills: 2, matchmakers: 2 });
  expect.hasAssertions();
});
