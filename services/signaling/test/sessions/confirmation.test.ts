import { expect, test } from "vitest";
import { Confirmation } from "../../src/sessions/confirmation.ts";

const KEEP = 10;

test("events are removed only once a ping behind them is answered, at most once for so many as are kept", () => {
  const confirmation = new Confirmation();
  const answered = (lastNumber: number) => {
    confirmation.ping(lastNumber);
    return confirmation.pong(KEEP);
  };
  expect(answered(19)).toBeUndefined();
  expect(answered(20)).toBe(10);
  expect(answered(29)).toBeUndefined();
  expect(answered(35)).toBe(25);
  expect(answered(1000)).toBe(990);
});

test("an answer that nobody asked for confirms nothing", () => {
  const confirmation = new Confirmation();
  expect(confirmation.pong(KEEP)).toBeUndefined();
  confirmation.ping(20);
  expect(confirmation.pong(KEEP)).toBe(10);
  expect(confirmation.pong(KEEP)).toBeUndefined();
});

test("of several pings without an answer the last one counts", () => {
  const confirmation = new Confirmation();
  confirmation.ping(20);
  confirmation.ping(40);
  expect(confirmation.pong(KEEP)).toBe(30);
});
