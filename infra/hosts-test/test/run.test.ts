import { expect, test } from "vitest";
import { isLiving, nameOf, runOf, thisRun } from "../src/run.ts";

test("the names of a run tell which run it is", () => {
  const run = { pid: 71, started: "9003" };
  expect(runOf(nameOf(run))).toEqual(run);
  expect(runOf(nameOf(run, "signaling1"))).toEqual(run);
});

test.for(["swy", "swy-71", "swy-71-9003x", "switchyard-nginx-1", "cni-71-9003"])("%s is no run's", (name) => {
  expect(runOf(name)).toBeUndefined();
});

test("a run lives as long as its process, and not in another one with the same id", () => {
  const started = (pid: number) => (pid === 71 ? "9003" : undefined);
  expect(isLiving({ pid: 71, started: "9003" }, started)).toBe(true);
  expect(isLiving({ pid: 71, started: "8000" }, started)).toBe(false);
  expect(isLiving({ pid: 72, started: "9003" }, started)).toBe(false);
});

test("the run of this process lives, where /proc says when it was started", ({ skip }) => {
  if (process.platform !== "linux") skip("there is no /proc");
  expect(isLiving(thisRun())).toBe(true);
});
