import fc from "fast-check";
import { expect, test } from "vitest";
import { TimerWheel } from "../../src/wire/timer-wheel.ts";

/** A wheel whose time a test decides. */
function wheelAt(start: number) {
  const time = { now: start };
  const wheel = new TimerWheel(() => time.now);
  const turnTo = (now: number) => {
    time.now = now;
    wheel.turn();
  };
  return { wheel, turnTo };
}

test("each timer is due once, not before its time, in order, and with the time for which it was set", () => {
  const times = fc.array(fc.nat({ max: 120_000 }), { maxLength: 50 });
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 30_000 }), (delays, step) => {
      const { wheel, turnTo } = wheelAt(1000);
      const due: (readonly [what: number, at: number, now: number])[] = [];
      const target = { due: (what: number, at: number) => void due.push([what, at, wheel.now]) };
      for (const [index, delay] of delays.entries()) wheel.set(1000 + delay, target, index);
      for (let now = 1000; now <= 125_000 + step; now += step) turnTo(now);
      expect(due.map(([what]) => what).sort((one, other) => one - other)).toEqual([...delays.keys()]);
      for (const [what, at, now] of due) {
        const wanted = 1000 + (delays[what] ?? 0);
        expect(at).toBeGreaterThanOrEqual(wanted);
        expect(at).toBeLessThanOrEqual(wanted + 5);
        expect(now).toBeGreaterThanOrEqual(at);
      }
      expect(due.map(([, at]) => at)).toEqual(due.map(([, at]) => at).toSorted((one, other) => one - other));
    }),
    { numRuns: 30 },
  );
});

test("a timer that was cleared is not due; one that is set anew on the way is", () => {
  const { wheel, turnTo } = wheelAt(0);
  const due: number[] = [];
  const target = {
    due: (what: number, at: number) => {
      due.push(what);
      if (what < 3) wheel.set(at + 10, target, what + 1);
    },
  };
  wheel.clear(wheel.set(20, target, 9));
  wheel.set(20, target, 1);
  turnTo(40);
  expect(due).toEqual([1, 2, 3]);
});
