import { expect, test } from "vitest";
import { readArguments } from "../src/arguments.ts";

const known = ["frozen", "power-off"];
const read = (...args: string[]) => readArguments(args, known);

test("without an argument it runs every scenario, with three hundred clients", () => {
  expect(read()).toEqual({ scenarios: known, clients: 300, faultMs: 60_000, front: undefined, logs: undefined });
});

test("scenarios are run in the order in which they are named", () => {
  expect(read("power-off", "frozen").scenarios).toEqual(["power-off", "frozen"]);
});

test("clients, time, reverse proxy and logs can be chosen", () => {
  const options = read("frozen", "--clients", "60", "--seconds", "20", "--front", "local", "--logs", "/tmp/logs");
  expect(options).toEqual({ scenarios: ["frozen"], clients: 60, faultMs: 20_000, front: "local", logs: "/tmp/logs" });
});

test.for([
  [["freeze"], "There is no scenario freeze; there are frozen, power-off."],
  [["--clients", "31"], "--clients must be even: they talk in pairs."],
  [["--clients", "many"], '--clients must be a whole number above zero, not "many".'],
  [["--seconds", "0"], '--seconds must be a whole number above zero, not "0".'],
  [["--front", "apache"], '--front must be nginx or local, not "apache".'],
  [["--speed"], "--speed"],
] as const)("%j is refused in a sentence", ([args, sentence]) => {
  expect(() => readArguments(args, known)).toThrow(sentence);
});
