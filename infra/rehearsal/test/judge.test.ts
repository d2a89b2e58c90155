import type { LoadReport } from "@switchyard/load";
import { expect, test } from "vitest";
import { judgeReports } from "../src/clients/crowd.ts";

const bounds = { awayMs: 4000, endsFront: false };
const good = {
  counts: {
    users: 10,
    sent: 100,
    acknowledged: 100,
    received: 100,
    "lost connections": 4,
    recovered: 4,
    "not recovered": 0,
  },
  errors: {},
  latencies: { recovery: { max: 1500 } },
  violations: { lost: 0, doubled: 0, reordered: 0, departed: 0 },
  described: [],
};

/** The claims that do not hold, of two reports of which one is like that. */
function failures(changed: object, how = bounds): string[] {
  const reports = [good, { ...good, ...changed }] as unknown as LoadReport[];
  return judgeReports(reports, how).flatMap(({ claim, holds }) => (holds ? [] : [claim]));
}

test("a rehearsal in which all went well passes", () => {
  expect(failures({})).toEqual([]);
});

test.for([
  ["a message that is lost", { violations: { ...good.violations, lost: 1 } }, "nothing acknowledged is lost"],
  ["somebody falsely gone", { violations: { ...good.violations, departed: 1 } }, "nothing acknowledged is lost"],
  ["nobody who talks", { counts: { ...good.counts, acknowledged: -90 } }, "nothing acknowledged is lost"],
  [
    "a session that is not recovered",
    { counts: { ...good.counts, recovered: 3, "not recovered": 1 } },
    "everybody who lost",
  ],
  ["somebody who never came back", { counts: { ...good.counts, recovered: 3 } }, "everybody who lost"],
  ["somebody who was away for long", { latencies: { recovery: { max: 4001 } } }, "nobody is away"],
  [
    "an unknown session",
    { errors: { 'HTTP 400 {"code":1,"message":"Session ID unknown"}': 1 } },
    "no session is unknown",
  ],
] as const)("%s fails it", ([, changed, claim]) => {
  expect(failures(changed)).toEqual([expect.stringContaining(claim)]);
});

test("where an nginx ends, its polling clients may be refused once, and not again and again", () => {
  const refused = (times: number) => ({ errors: { 'HTTP 400 {"code":1,"message":"Session ID unknown"}': times } });
  const ends = { ...bounds, endsFront: true };
  expect(failures(refused(8), ends)).toEqual([]);
  expect(failures(refused(9), ends)).toEqual([expect.stringContaining("polling clients")]);
});
