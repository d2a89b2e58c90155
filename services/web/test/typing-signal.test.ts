import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTypingSignal } from "../src/shared/chat/typing-signal.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("is told once when it begins and once two seconds after the last key", () => {
  const told: boolean[] = [];
  const signal = createTypingSignal((isTyping) => told.push(isTyping));
  for (let key = 0; key < 20; key += 1) {
    signal.keystroke();
    vi.advanceTimersByTime(500);
  }
  expect(told).toEqual([true]);
  vi.advanceTimersByTime(1499);
  expect(told).toEqual([true]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([true, false]);
});

test("stopping is told at once, and only if there was something to stop", () => {
  const told: boolean[] = [];
  const signal = createTypingSignal((isTyping) => told.push(isTyping));
  signal.stop();
  signal.keystroke();
  signal.stop();
  signal.stop();
  vi.advanceTimersByTime(5000);
  expect(told).toEqual([true, false]);
});
