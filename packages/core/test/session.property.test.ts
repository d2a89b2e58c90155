import { Search } from "@switchyard/testkit";
import * as fc from "fast-check";
import { afterAll, beforeAll, inject, test } from "vitest";
import { Lives, rounds } from "./life/lives.ts";

const search = new Search({ cases: 300, seconds: 3, leastCases: 10 });

let lives: Lives;
beforeAll(async () => {
  lives = await Lives.open(inject("redisUrl"));
});
afterAll(() => lives.close());

test(
  "numbers have no gap and no double, an overtaken epoch does nothing, and who recovers has all that was said, once",
  () => fc.assert(fc.asyncProperty(rounds, search.predicate(lives.lead)), search.parameters),
  search.timeoutMs,
);
