import { expect, test } from "vitest";
import { Passwords } from "../src/index.ts";

const passwords = await Passwords.create();

test("a password is kept as argon2id with a salt of its own, and only it fits", async () => {
  const [first, second] = await Promise.all([passwords.hash("correct horse"), passwords.hash("correct horse")]);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(first).not.toBe(second);
  for (const kept of [first, second]) expect(await passwords.verify(kept, "correct horse")).toBe(true);
  for (const wrong of ["correct horsf", "correct horse ", "Correct horse", ""]) {
    expect(await passwords.verify(first, wrong)).toBe(false);
  }
});

test("the same characters fit, however they were composed", async () => {
  const kept = await passwords.hash("caf\u00e9 au lait");
  expect(await passwords.verify(kept, "cafe\u0301 au lait")).toBe(true);
});

test("no password fits an account that there isn't, and that takes as much work", async () => {
  const kept = await passwords.hash("correct horse");
  /** CPU time of this process, in microseconds: what else the machine does is none of it. */
  const work = async (hash: string | undefined) => {
    const from = process.cpuUsage();
    expect(await passwords.verify(hash, "wrong horse")).toBe(false);
    const { user, system } = process.cpuUsage(from);
    return user + system;
  };
  let [there, missing] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const isAlike = () => missing > there / 2 && missing < there * 2;
  // what else this process does only adds to it, so the least are compared
  for (let i = 0; i < 3 || (i < 100 && !isAlike()); i += 1) {
    there = Math.min(there, await work(kept));
    missing = Math.min(missing, await work(undefined));
  }
  expect(isAlike(), `${there} and ${missing} µs`).toBe(true);
});
