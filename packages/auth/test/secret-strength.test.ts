import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { weaknessOf } from "../src/index.ts";

test.each([
  ["", /shorter/],
  ["0123456789abcdefghijklmnopqrstu", /shorter/],
  ["change-me-change-me-change-me-change-me", /example/],
  ["your-super-secret-jwt-key-0123456789", /example/],
  ["CHANGE_THIS_TO_A_LONG_RANDOM_TEXT_123", /example/],
  ["a".repeat(64), /few different/],
  ["0123".repeat(16), /few different/],
])("%j is no secret", (secret, reason) => {
  expect(weaknessOf(secret)).toMatch(reason);
});

test("a random secret is good, however it is written", () => {
  for (let i = 0; i < 200; i += 1) {
    const bytes = randomBytes(32);
    for (const form of ["hex", "base64", "base64url"] as const)
      expect(weaknessOf(bytes.toString(form))).toBeUndefined();
  }
});
