import { expect, test } from "vitest";
import { SharedReading } from "../src/shared-reading.ts";

test("whoever asks within a second shares one reading", async () => {
  const clock = { ms: 0 };
  let readings = 0;
  const shared = new SharedReading(
    async () => {
      readings += 1;
      return readings;
    },
    () => clock.ms,
  );
  expect(await Promise.all(Array.from({ length: 50 }, () => shared.get()))).toEqual(Array(50).fill(1));
  clock.ms = 999;
  expect(await shared.get()).toBe(1);
  clock.ms = 1000;
  expect(await Promise.all([shared.get(), shared.get()])).toEqual([2, 2]);
});

test("a slow reading is waited for, and not begun again", async () => {
  const clock = { ms: 0 };
  const answers: ((value: string) => void)[] = [];
  const shared = new SharedReading(
    () => new Promise<string>((resolve) => void answers.push(resolve)),
    () => clock.ms,
  );
  const first = shared.get();
  clock.ms = 60_000;
  const second = shared.get();
  answers[0]?.("slow");
  expect(await Promise.all([first, second])).toEqual(["slow", "slow"]);
  void shared.get();
  expect(answers).toHaveLength(2);
});

test("a failure is shared by those who wait for it, and kept for nobody", async () => {
  let readings = 0;
  const shared = new SharedReading(
    async () => {
      readings += 1;
      if (readings === 1) throw new Error("away");
      return readings;
    },
    () => 0,
  );
  const both = await Promise.allSettled([shared.get(), shared.get()]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await shared.get()).toBe(2);
});
