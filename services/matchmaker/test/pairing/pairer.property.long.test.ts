import { openTestStore, Search, type TestStore } from "@switchyard/testkit";
import * as fc from "fast-check";
import { afterAll, beforeAll, inject, test } from "vitest";
import { pairCrowd, stepsOfCrowd } from "./pairing-crowd.ts";

/** Longer than in the file of that property, and elsewhere. */
const search = new Search({ cases: 10_000, seconds: 15, leastCases: 30, seed: 2 });

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore(inject("redisUrl"));
});
afterAll(() => opened.close());

test(
  "whoever comes and goes, and however late it learns what became of its pairings: no two are left waiting",
  () =>
    fc.assert(
      fc.asyncProperty(
        stepsOfCrowd,
        search.predicate((steps) => pairCrowd(opened, steps)),
      ),
      search.parameters,
    ),
  search.timeoutMs,
);
