import { Registry } from "prom-client";
import { expect, onTestFinished, test, vi } from "vitest";
import { Readings } from "../src/readings.ts";

const gauge = (name: string) => ({ name, help: "?", labels: ["kind"] });
const valuesIn = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
/** What a scrape may take by default, in ms. */
const SCRAPE_MS = 10_000;

test("all metrics that are asked for together are filled by one look", async () => {
  const registry = new Registry();
  let looks = 0;
  const readings = new Readings(registry, async () => {
    looks += 1;
    return looks;
  });
  readings.gauge(gauge("one"), (look) => [{ labels: { kind: "a" }, value: look ?? 0 }]);
  readings.counter(gauge("two_total"), (look) => [{ labels: { kind: "b" }, value: look ?? 0 }]);
  expect(valuesIn(await registry.metrics())).toEqual(['one{kind="a"} 1', 'two_total{kind="b"} 1']);
  expect(looks).toBe(1);
});

/** A registry with a metric of what is seen, and one of whether anything is. */
function registryOf(look: () => Promise<number>): Registry {
  const registry = new Registry();
  const readings = new Readings<number>(registry, look);
  readings.gauge(gauge("seen"), (seen) => (seen === undefined ? [] : [{ value: seen }]));
  readings.gauge(gauge("up"), (seen) => [{ value: seen === undefined ? 0 : 1 }]);
  return registry;
}

test.each([
  ["fails", () => Promise.reject(new Error("away"))],
  ["takes too long", () => new Promise<number>(() => {})],
])("where the look %s what it fills is left out, and the rest is told in time", async (_, look) => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const told = vi.fn();
  void registryOf(look).metrics().then(told);
  await vi.advanceTimersByTimeAsync(SCRAPE_MS);
  expect(told).toHaveBeenCalledOnce();
  expect(valuesIn(told.mock.calls[0]?.[0])).toEqual(["up 0"]);
});

test("time in which the process stood still is none in which the look could have come", async () => {
  const turn = () => new Promise<void>((resume) => setImmediate(resume));
  const registry = registryOf(async () => {
    for (let turns = 0; turns < 5; turns += 1) await turn();
    return 7;
  });
  const told = registry.metrics();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
  expect(valuesIn(await told)).toEqual(["seen 7", "up 1"]);
});
