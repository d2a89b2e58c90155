import { beforeAll, expect, test } from "vitest";
import { ModeratedQueue } from "./moderated/moderated-queue.ts";

/** They take a minute and a half, three beside other work. */
const JOINS = 100_000;
const MOST_MS = 1_200_000;

let queue: ModeratedQueue;
beforeAll(async () => {
  queue = await ModeratedQueue.open();
  return queue.stop;
});

test(
  "100,000 join while bans and shadows come and go and matchmakers are killed: nobody banned is paired, nobody across cohorts or the shadow pool, nobody is lost",
  async () => {
    await queue.expectRight({ joins: JOINS, kills: 12, matchmakers: 3 });
    expect.hasAssertions();
  },
  MOST_MS,
);
