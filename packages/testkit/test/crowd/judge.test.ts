import { describe, expect, test } from "vitest";
import type { CrowdFigures } from "../../src/crowd/crowd.ts";
import { judgeMessages, judgeReturns, judgeShareRecovered, judgeWaits, spreadOf } from "../../src/crowd/judge.ts";
import type { Gap } from "../../src/crowd/talker.ts";

const sound: CrowdFigures = {
  clients: 4,
  late: 0,
  sent: 10,
  acknowledged: 9,
  received: 9,
  doubled: 0,
  reordered: 0,
  lost: 0,
  excused: { lost: 0, parted: 0 },
  refusals: new Map(),
  gaps: [],
  allGaps: [],
  parted: 0,
};

function gapOf(lastedMs: number, recovered = true): Gap {
  return { lostFor: "transport close", at: 0, lastedMs, recovered, failures: [] };
}

const failedIn = (figures: Partial<CrowdFigures>) =>
  [...judgeMessages({ ...sound, ...figures }), ...judgeReturns({ ...sound, ...figures })]
    .filter(({ holds }) => !holds)
    .map(({ claim }) => claim);

describe("a crowd", () => {
  test("passes where nothing is wrong", () => {
    expect(failedIn({ gaps: [gapOf(900)] })).toEqual([]);
  });

  test.for([
    [{ lost: 1 }, "every acknowledged message arrives"],
    [{ doubled: 1 }, "no message arrives twice"],
    [{ reordered: 1 }, "messages arrive in order"],
    [{ parted: 1 }, "nobody is parted"],
    [{ gaps: [gapOf(900, false)] }, "a client that comes back in time is recovered"],
  ] as const)("fails for %o", ([figures, claim]) => {
    expect(failedIn(figures)).toEqual([claim]);
  });

  test("of a hundred lost connections one may be without recovery, of fifty none", () => {
    const recovered = (count: number) => [gapOf(90_000, false), ...Array.from({ length: count - 1 }, () => gapOf(900))];
    const share = (allGaps: readonly Gap[]) => judgeShareRecovered({ ...sound, allGaps }, 0.99);
    expect(share(recovered(100)).holds).toBe(true);
    expect(share(recovered(50))).toMatchObject({ holds: false, figures: expect.stringContaining("49 of 50 (98.0 %)") });
  });

  test("without a client proves nothing", () => {
    expect(judgeShareRecovered({ ...sound, clients: 0 }, 0.99).holds).toBe(false);
    expect(judgeWaits([], 5000).holds).toBe(false);
  });

  test("a new client that waited too long is named", () => {
    expect(judgeWaits([80, 5001, 20], 5000)).toMatchObject({
      holds: false,
      figures: "3 came, half waited 80 ms, one 5001 ms, 1 too long",
    });
    expect(judgeWaits([80, 5000], 5000).holds).toBe(true);
  });

  test("says how long its clients were away", () => {
    expect(spreadOf([gapOf(900), gapOf(100), gapOf(300)])).toBe(
      "100 to 900 ms (transport close), half of them within 300 ms",
    );
    expect(spreadOf([])).toBe("no time");
  });
});
