import { expect, test } from "vitest";
import { Devices, PasswordStrength } from "../src/index.ts";

test("a device is known for the name with which it logged in, and for no other", () => {
  const devices = new Devices("a secret");
  const [proof, other] = [devices.issue("Ann"), devices.issue("Ann")];
  expect(devices.idOf("ann", proof)).toMatch(/^[\w-]{16}$/);
  expect(devices.idOf("ann", proof)).not.toBe(devices.idOf("ann", other));
  expect(devices.idOf("ben", proof)).toBeUndefined();
  for (const forged of [undefined, "", "x", `${proof}x`, `${other.slice(0, 16)}${proof.slice(16)}`])
    expect(devices.idOf("ann", forged)).toBeUndefined();
});

test("while the secret is changed, devices of both are known", () => {
  const proof = new Devices("old").issue("ann");
  expect(new Devices("new", "old").idOf("ann", proof)).toBeDefined();
  expect(new Devices("new").idOf("ann", proof)).toBeUndefined();
});

test("common passwords and the user's own name score low, several words high", async () => {
  const strength = new PasswordStrength();
  const scores = async (...passwords: readonly string[]) =>
    Promise.all(passwords.map((password) => strength.score(password, "annabel")));
  expect(Math.max(...(await scores("12345678", "password", "qwertyuiop", "annabel1", "x".repeat(128))))).toBeLessThan(
    2,
  );
  expect(Math.min(...(await scores("correct horse", "a very particular password")))).toBeGreaterThan(2);
  strength.stop();
  expect(await scores("12345678")).toEqual([0]); // a new thread
  strength.stop();
});
