import { expect, test } from "vitest";
import { RepeatedErrors } from "../../src/telemetry/repeated-errors.ts";

test("each kind of error is said once a second, with how many like it were not", () => {
  const errors = new RepeatedErrors();
  expect(errors.notice(new Error("gone"), 0)).toBe(0);
  for (let i = 0; i < 500; i += 1) expect(errors.notice(new Error("gone"), i)).toBeUndefined();
  expect(errors.notice(new TypeError("gone"), 500)).toBe(0);
  expect(errors.notice("gone", 500)).toBe(0);
  expect(errors.notice(new Error("gone"), 1000)).toBe(500);
  expect(errors.notice(new Error("gone"), 1999)).toBeUndefined();
  expect(errors.notice(new Error("gone"), 5000)).toBe(1);
});

test("errors that are all different are all said, and not all remembered", () => {
  const errors = new RepeatedErrors();
  for (let i = 0; i < 1000; i += 1) expect(errors.notice(new Error(`number ${i}`), 0)).toBe(0);
  expect(errors.notice(new Error("number 0"), 0)).toBe(0);
});
