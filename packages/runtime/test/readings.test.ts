import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { Readings } from "../src/readings.ts";

const gauge = (name: string) => ({ name, help: "?", labels: ["kind"] });
const valuesIn = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

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

test.each([
  ["fails", () => Promise.reject(new Error("away"))],
  ["takes too long", () => new Promise<number>(() => {})],
])("where the look %s what it fills is left out, and the rest is told in time", async (_, look) => {
  const registry = new Registry();
  const readings = new Readings<number>(registry, look);
  readings.gauge(gauge("seen"), (seen) => (seen === undefined ? [] : [{ value: seen }]));
  readings.gauge(gauge("up"), (seen) => [{ value: seen === undefined ? 0 : 1 }]);
  const from = performance.now();
  expect(valuesIn(await registry.metrics())).toEqual(["up 0"]);
  expect(performance.now() - from).toBeLessThan(10_000); // what a scrape may take by default
});
