import { describe, expect, test } from "vitest";
import { duration, list, since, size } from "../src/units.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = 1_800_000_000_000;

describe("duration", () => {
  test.each([
    [0, "0 ms"],
    [0.4, "0 ms"],
    [999, "999 ms"],
    [SECOND, "1 s"],
    [1049, "1 s"],
    [1050, "1.1 s"],
    [9949, "9.9 s"],
    [10 * SECOND, "10 s"],
    [MINUTE - 1, "60 s"],
    [MINUTE, "1 min"],
    [90 * SECOND, "1.5 min"],
    [HOUR - 1, "60 min"],
    [HOUR, "1 h"],
    [DAY - 1, "24 h"],
    [DAY, "1 d"],
    [30 * DAY, "30 d"],
    [-999, "-999 ms"],
    [-SECOND, "-1 s"],
    [-MINUTE, "-1 min"],
  ])("%d ms is %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

describe("since", () => {
  test.each([
    [NOW - 1, "1 ms ago"],
    [NOW - MINUTE, "1 min ago"],
    [NOW, "0 ms ago"],
    [NOW + 1, "in 1 ms"],
    [NOW + 2 * HOUR, "in 2 h"],
    [0, undefined],
    [undefined, undefined],
  ])("%j is %s", (time, text) => {
    expect(since(time, NOW)).toBe(text);
  });
});

describe("size", () => {
  test.each([
    [0, "0 B"],
    [1, "1 B"],
    [1023, "1023 B"],
    [1024, "1 KiB"],
    [1536, "1.5 KiB"],
    [10 * 1024, "10 KiB"],
    [1024 ** 2 - 1, "1024 KiB"],
    [1024 ** 2, "1 MiB"],
    [1024 ** 3, "1 GiB"],
    [1024 ** 4, "1024 GiB"],
  ])("%d bytes are %s", (bytes, text) => {
    expect(size(bytes)).toBe(text);
  });
});

describe("list", () => {
  test.each([
    [[], undefined],
    [["a"], "a"],
    [["a", "b", "c"], "a, b, c"],
    [["a", "b", "c", "d"], "a, b, c, 1 more"],
    [["a", "b", "c", "d", "e"], "a, b, c, 2 more"],
  ])("%j is %s", (items, text) => {
    expect(list(items)).toBe(text);
  });

  test("a cell may hold fewer items", () => {
    expect(list(["a", "b", "c"], 1)).toBe("a, 2 more");
  });
});
