import type { Logger } from "@switchyard/runtime";
import type { Redis } from "ioredis";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { MemoryWatermark } from "../../src/limits/memory-watermark.ts";

const READING_MS = 1000;

/** A Redis that says how full it is; `undefined`: it does not answer. */
function rig(max = 100) {
  const logged: string[] = [];
  const log = (_: object, text: string) => void logged.push(text);
  const state: { used: number | undefined } = { used: 0 };
  const info = vi.fn(async () => {
    if (state.used === undefined) throw new Error("Connection is closed.");
    return `# Memory\r\nused_memory:${state.used + 10}\r\nmaxmemory:${max}\r\nmem_not_counted_for_evict:10\r\n`;
  });
  const logger = { warn: log, info: log, debug: () => {} } as unknown as Logger;
  const memory = new MemoryWatermark({ info } as unknown as Redis, 0.8, logger);
  onTestFinished(() => memory.stop());
  const at = async (used: number | undefined) => {
    state.used = used;
    await vi.advanceTimersByTimeAsync(READING_MS);
    return memory.isOver;
  };
  return { memory, info, logged, at };
}

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

test("from the watermark on nothing new is taken, until memory is two hundredths below it", async () => {
  const { memory, logged, at } = rig();
  await memory.begin();
  expect(await at(79)).toBe(false);
  expect(memory.reason).toBeUndefined();
  expect(await at(80)).toBe(true);
  expect(() => memory.check()).toThrow(
    expect.objectContaining({ body: expect.objectContaining({ code: "server_busy" }) }),
  );
  expect(memory.reason).toBe("Redis has used 80 % of its memory, and from 80 % on nothing new is taken.");
  expect([await at(79), await at(78), await at(77)]).toEqual([true, true, false]);
  expect(await at(79)).toBe(false);
  memory.check();
  expect(logged).toEqual([
    "Redis is almost full: nothing new is taken",
    "Redis has memory again: everything is taken again",
  ]);
});

test("without an answer the last reading counts, and without a bound there is no watermark", async () => {
  const { memory, at } = rig();
  await memory.begin();
  expect([await at(100), memory.isFull]).toEqual([true, true]);
  expect([await at(undefined), memory.isFull]).toEqual([true, true]);
  expect([await at(10), memory.isFull]).toEqual([false, false]);
  const boundless = rig(0);
  await boundless.memory.begin();
  expect([await boundless.at(1e9), boundless.memory.ratio]).toEqual([false, 0]);
});

test("Redis is asked once a second, whoever asks the node", async () => {
  const { memory, info, at } = rig();
  await memory.begin();
  for (let i = 0; i < 1000; i += 1) memory.check();
  await at(50);
  expect(info).toHaveBeenCalledTimes(2);
});
