import { describe, expect, test } from "vitest";
import { readScenario, readyScenarios, textOfScenario } from "../src/index.ts";
import { judge, readThreshold } from "../src/scenario/threshold.ts";

const mix = "mix: [{ behaviour: idle }]";

describe("a scenario", () => {
  test("nine are ready, and each can be used", () => {
    expect(readyScenarios()).toEqual(["calls", "chat", "idle", "match", "mix", "random", "rooms", "storm", "talk"]);
    for (const name of readyScenarios()) expect(readScenario(textOfScenario(name)).name).toBe(name);
  });

  test("times have units, and what is missing has a default", () => {
    const { ramp, duration, arrival, targets } = readScenario(`ramp: 500ms\nduration: 1.5min\n${mix}`);
    expect({ ramp, duration, arrival, targets }).toEqual({
      ramp: 500,
      duration: 90_000,
      arrival: { users: 100 },
      targets: ["http://localhost:3000"],
    });
  });

  test("what the command line says takes the place of what is written, and a rate keeps the stay", () => {
    const text = `arrival: { rate: 1, stay: 5s }\nduration: 1s\n${mix}`;
    expect(readScenario(text, { rate: 7, duration: "2s", targets: ["http://h:1"] })).toMatchObject({
      arrival: { rate: 7, stay: 5000 },
      duration: 2000,
      targets: ["http://h:1"],
    });
    expect(readScenario(text, { users: 3 }).arrival).toEqual({ users: 3 });
  });

  test.each([
    ["no YAML", "a: [", "no YAML"],
    ["no fields", "text", "no fields"],
    ["nobody who does anything", "name: x", "mix"],
    ["an unknown field", `${mix}\nspeed: 1`, "speed"],
    ["an unknown behaviour", "mix: [{ behaviour: dance }]", "behaviour"],
    ["a time without a unit", `ramp: "5"\n${mix}`, "a unit"],
    ["a target without a scheme", `targets: ["localhost:3000"]\n${mix}`, "http or https"],
    ["a threshold of nothing", `thresholds: [fast]\n${mix}`, 'must be like "p99 relay < 50 ms"'],
  ])("%s is refused with the reason", (_, text, reason) => {
    expect(() => readScenario(text)).toThrow(reason);
  });

  test("a name of nothing says which there are", () => {
    expect(() => textOfScenario("nothing")).toThrow(
      /there is no scenario "nothing".*idle, match, mix, random, rooms, storm/s,
    );
  });
});

describe("a threshold", () => {
  const percentiles = { count: 3, mean: 1, p50: 10, p90: 20, p99: 49.9, p999: 60, max: 70 };
  const measured = {
    percentiles: (kind: string) => (kind === "relay" ? percentiles : { ...percentiles, count: 0 }),
    count: (name: string) => (name === "not recovered" ? 2 : 0),
  };
  test.each([
    ["p99 relay < 50 ms", 49.9, true],
    ["p99.9 relay <= 0.06 s", 60, true],
    ["max relay < 70 ms", 70, false],
    ["p50 pairing < 1 s", undefined, false],
    ["lost = 0", 0, true],
    ["not recovered < 2", 2, false],
    ["violations = 0", 0, true],
    ["errors >= 1", 0, false],
  ])("%s: %s, %s", (text, value, holds) => {
    const threshold = readThreshold(text);
    expect(threshold && judge(threshold, measured)).toEqual({ value, holds });
  });

  test.each(["p99 relay < 50", "lost = 0 ms", "p98 relay < 1 ms", "p99 lost < 1 ms", "lost", "lost == 0", ""])(
    "%s is none",
    (text) => expect(readThreshold(text)).toBeUndefined(),
  );
});
