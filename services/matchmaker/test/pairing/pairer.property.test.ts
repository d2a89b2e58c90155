import { openTestStore, Search, type TestStore } from "@switchyard/testkit";
import * as fc from "fast-check";
import { afterAll, beforeAll, inject, test } from "vitest";
import { pairCrowd, stepsOfCrowd } from "./pairing-crowd.ts";

const search = new Search({ cases: 150, seconds: 3, leastCases: 10 });

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
