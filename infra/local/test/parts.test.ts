import { describe, expect, test } from "vitest";
import { frontUrl } from "../src/ports.ts";
import { Backend } from "../src/proxy/backend.ts";
import { HealthChecks } from "../src/proxy/health.ts";
import { Sids } from "../src/proxy/sids.ts";
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

describe("whether a node is ready", () => {
  type Ask = () => Promise<number>;
  const status = (code: number) => async () => code;
  const silence: Ask = () => Promise.reject(new DOMException("it was silent", "AbortError"));
  const refusal: Ask = () => Promise.reject(new Error("ECONNREFUSED"));
  test.for<[what: string, answers: Ask[], isReady: boolean]>([
    ["it says so", [status(200)], true],
    ["it says no", [status(503), status(200)], false],
    ["it refuses the connection", [refusal, status(200)], false],
    ["it is silent once, and then says so", [silence, status(200)], true],
    ["it is silent twice", [silence, silence, status(200)], false],
  ])("%s", async ([, answers, isReady]) => {
    const backend = new Backend({ name: "node-1", host: "127.0.0.1", port: 1 });
    const checks = new HealthChecks([backend], () => answers.shift()?.() ?? expect.fail("it was asked too often"));
    await checks.start();
    checks.stop();
    expect(backend.ready).toBe(isReady);
  });
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

describe("remembered sids", () => {
  function table() {
    let now = 0;
    const backend = new Backend({ name: "node-1", host: "127.0.0.1", port: 1 });
    const sids = new Sids(() => now);
    const pass = (ms: number) => {
      now += ms;
      sids.sweep();
    };
    return { backend, sids, pass };
  }

  test("an idle one weighs nothing after a while, and is forgotten after a minute", () => {
    const { backend, sids, pass } = table();
    sids.remember("a", backend);
    expect(backend.load).toBe(1);
    pass(6000);
    expect([backend.load, sids.size]).toEqual([0, 1]);
    pass(55_000);
    expect([backend.load, sids.size]).toEqual([0, 0]);
  });

  test("one with an open connection stays, however long it says nothing", () => {
    const { backend, sids, pass } = table();
    sids.remember("a", backend);
    const held = sids.use("a");
    pass(600_000);
    expect(sids.use("a")?.backend).toBe(backend);
    held?.release(false);
    expect(backend.load).toBe(1);
  });

  test("after its WebSocket has closed it weighs nothing, until polling goes on", () => {
    const { backend, sids } = table();
    sids.remember("a", backend);
    sids.use("a")?.release(true);
    expect(backend.load).toBe(0);
    sids.use("a")?.release(false);
    expect(backend.load).toBe(1);
  });

  test("those of a node that is gone are forgotten, whatever is still open", () => {
    const { backend, sids } = table();
    sids.remember("a", backend);
    const held = sids.use("a");
    sids.forget(backend);
    expect([backend.load, sids.use("a")]).toEqual([0, undefined]);
    held?.release(false);
    expect([backend.load, sids.size]).toEqual([0, 0]);
  });

  test("there are never more than 100,000, the oldest goes first", () => {
    const { backend, sids } = table();
    for (let index = 0; index <= 100_000; index += 1) sids.remember(`sid-${index}`, backend);
    expect([sids.size, backend.load]).toEqual([100_000, 100_000]);
    expect(sids.use("sid-0")).toBeUndefined();
    expect(sids.use("sid-100000")?.backend).toBe(backend);
  });
});
