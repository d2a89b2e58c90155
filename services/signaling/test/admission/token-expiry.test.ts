import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TokenExpiry } from "../../src/admission/token-expiry.ts";

const start = 1_800_000_000;
let expiry: TokenExpiry<string>;
let ended: string[];
/** The timers that are set and not cleared: only its own, since a worker's other tests may leave a connection to close. */
let timers: Set<unknown>;
beforeEach(() => {
  vi.useFakeTimers({ now: start * 1000 + 300 });
  timers = new Set();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  vi.spyOn(globalThis, "setTimeout").mockImplementation((callback, delayMs) => {
    const timer = set(() => {
      timers.delete(timer);
      callback();
    }, delayMs);
    if (new Error().stack?.includes("token-expiry.ts")) timers.add(timer);
    return timer;
  });
  vi.spyOn(globalThis, "clearTimeout").mockImplementation((timer) => {
    timers.delete(timer);
    clear(timer);
  });
  expiry = new TokenExpiry();
  ended = [];
});
afterEach(() => {
  expiry.stop();
  vi.restoreAllMocks();
  expect(timers.size).toBe(0);
  vi.useRealTimers();
});
const watch = (name: string, seconds: number) => expiry.watch(name, start + seconds, () => ended.push(name));
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

test("each is told when its own time is over, once", async () => {
  watch("b", 20);
  watch("a", 10);
  watch("c", 20.5);
  await pass(9.6);
  expect(ended).toEqual([]);
  await pass(0.2);
  expect(ended).toEqual(["a"]);
  await pass(10);
  expect(ended).toEqual(["a", "b"]);
  await pass(1);
  expect(ended).toEqual(["a", "b", "c"]);
  expect(timers.size).toBe(0);
  watch("d", 40);
  await pass(30);
  expect(ended).toEqual(["a", "b", "c", "d"]);
});

test("what was forgotten, or has got another token, is not told", async () => {
  watch("a", 5);
  watch("b", 5);
  expiry.forget("a");
  expiry.forget("a");
  watch("b", 50);
  await pass(20);
  expect(ended).toEqual([]);
  await pass(31);
  expect(ended).toEqual(["b"]);
});

test("a time that is over already is told within a second", async () => {
  watch("a", 3);
  await pass(2);
  watch("b", -5);
  watch("c", 2);
  await pass(1);
  expect(ended).toEqual(expect.arrayContaining(["b", "c"]));
});

test("a month, and ten thousand years, are no trouble", async () => {
  watch("month", 30 * 86_400);
  watch("ages", 1e15);
  await pass(60);
  vi.setSystemTime((start + 30 * 86_400 - 10) * 1000);
  await pass(5);
  expect(ended).toEqual([]);
  await pass(20);
  expect(ended).toEqual(["month"]);
  expiry.forget("ages");
  await pass(1);
});

test("a clock that is put forward or back delays nothing", async () => {
  watch("a", 3600);
  watch("b", 7200);
  vi.setSystemTime((start + 5000) * 1000);
  await pass(2);
  expect(ended).toEqual(["a"]);
  vi.setSystemTime((start + 100) * 1000);
  watch("c", 101);
  await pass(3);
  expect(ended).toEqual(["a", "c"]);
  await pass(7200);
  expect(ended).toEqual(["a", "c", "b"]);
});
