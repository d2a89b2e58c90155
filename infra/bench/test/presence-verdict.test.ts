import { expect, test } from "vitest";
import { missesOf } from "../src/presence/figures.ts";
import type { Step, Stretch } from "../src/presence/steps.ts";

/** Ten joins among so many users, each told to all. */
function stepOf(users: number, changed: Partial<Stretch> = {}): Step {
  const told = 10 * users;
  const steady = {
    users,
    joins: 10,
    seconds: 1,
    greetingBytes: 6230,
    told,
    toldBytes: 144 * told,
    redisCommands: 430,
    nodeCpuMs: told,
    redisCpuMs: 6,
    othersCpuMs: 0,
    listBytes: 0,
    ...changed,
  };
  return { rush: steady, steady };
}

const few = stepOf(500);

test("what grows as the protocol has it is as it is wanted", () => {
  expect(missesOf("calls", [few, stepOf(5000)])).toEqual([]);
});

test.each([
  ["B to new user", { greetingBytes: 10 * 6230 }, "B to new user grows 10.00 times"],
  ["B to each other", { toldBytes: 2 * 144 * 50_000 }, "B to each other grows 2.00 times"],
  ["Redis commands", { redisCommands: 2 * 430 }, "Redis commands grows 2.00 times"],
  ["µs/told", { nodeCpuMs: 2 * 50_000 }, "µs/told grows 2.00 times"],
])("%s must not grow with the users", (_, changed, miss) => {
  expect(missesOf("calls", [few, stepOf(5000, changed)])).toEqual([miss]);
});

test("CPU time that is too short to be measured says nothing", () => {
  expect(missesOf("calls", [stepOf(20, { nodeCpuMs: 10 }), stepOf(40, { nodeCpuMs: 100 })])).toEqual([]);
});

test("lists may cost so many bytes a second, however many are online", () => {
  const flat = { toldBytes: 144 * 5000, nodeCpuMs: 500 };
  for (const dialect of ["calls", "chat"] as const) {
    expect(missesOf(dialect, [few, stepOf(5000, { ...flat, listBytes: 5e6 })])).toEqual([]);
    expect(missesOf(dialect, [few, stepOf(5000, { ...flat, listBytes: 7e6 })])).toEqual(["lists cost 7.0 MB/s"]);
  }
});
