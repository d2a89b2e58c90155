import { describe, expect, test } from "vitest";
import { frontUrl } from "../src/ports.ts";
import { readable } from "../src/screen.ts";
import { Backoff } from "../src/supervisor.ts";

test("backoff doubles up to 5 s, and starts over after a life of 10 s", () => {
  const backoff = new Backoff();
  const waits = Array.from({ length: 8 }, () => backoff.afterLifeOf(500));
  expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  expect(backoff.afterLifeOf(10_000)).toBe(100);
});

describe("where the front door is", () => {
  test.for([
    ["0.0.0.0", "http://localhost:3000"],
    ["::", "http://localhost:3000"],
    ["127.0.0.1", "http://localhost:3000"],
    ["192.168.1.2", "http://192.168.1.2:3000"],
    ["switchyard.lan", "http://switchyard.lan:3000"],
    ["fd00::2", "http://[fd00::2]:3000"],
  ] as const)("HOST=%s is found at %s", ([host, url]) => expect(frontUrl(3000, host)).toBe(url));
});

describe("log lines", () => {
  test("JSON is made readable", () => {
    const time = new Date(2030, 0, 1, 12, 30, 5).getTime();
    const line = JSON.stringify({
      level: 40,
      time,
      service: "signaling",
      node: "n",
      msg: "slow",
      ms: 12,
      at: { a: 1 },
    });
    expect(readable(line)).toBe('12:30:05 warn  slow ms=12 at={"a":1}');
  });

  for (const line of ["plain words", "{ not JSON", '{"other":"json"}', "[1]", ""]) {
    test(`"${line}" is left as it is`, () => expect(readable(line)).toBe(line));
  }
});
