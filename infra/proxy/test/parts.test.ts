import { describe, expect, test } from "vitest";
import { Backend } from "../src/backend.ts";
import { HealthChecks } from "../src/health.ts";
import { Sids } from "../src/sids.ts";

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
