import { Faults } from "@switchyard/load";
import { until } from "@switchyard/testkit";
import { describe, expect, test } from "vitest";
import { Injector } from "../src/run/injector.ts";
import { type Fault, type FaultKind, faultKinds } from "../src/schedule/fault.ts";
import { demand, FaultError, type Inject, kindsOf, NoVictimError, type Target } from "../src/target/target.ts";

const LONG_MS = 3_600_000;

/** A target that does nothing but to note it, and can do these kinds. */
function targetOf(ways: Partial<Record<FaultKind, Inject>>): Target {
  const none = Object.fromEntries(Object.keys(faultKinds).map((kind) => [kind, "it is a test's"]));
  const faults = { ...none, ...ways } as Target["faults"];
  return { name: "test", urls: [], faults, ready: async () => {}, close: async () => {} };
}

const fault = (kind: FaultKind, atMs: number, lastsMs = 0): Fault => ({ kind, atMs, lastsMs, victim: 0 });

describe("an injector", () => {
  const done: string[] = [];
  const stop: Inject = async () => {
    done.push("stopped");
    const undo = async () => {
      done.push("continued");
      return "node-1 goes on";
    };
    return { text: "node-1 stands still", undo };
  };

  test("injects the faults in order, ends each, and notes both", async () => {
    done.length = 0;
    const noted = new Faults();
    const target = targetOf({ stop, kill: async () => ({ text: "node-2 is killed" }) });
    const injector = new Injector(target, [fault("stop", 0, 1), fault("kill", 2)], noted);
    injector.begin(0, () => {});
    await until("all to be done", () => noted.all.length === 3);
    await injector.end();
    expect(noted.all.map(({ kind, text }) => [kind, text])).toEqual([
      ["stop", "node-1 stands still"],
      ["stop", "node-1 goes on"],
      ["kill", "node-2 is killed"],
    ]);
    expect(done).toEqual(["stopped", "continued"]);
  });

  test("that is ended in the middle of a fault ends it, and begins no other one", async () => {
    done.length = 0;
    const noted = new Faults();
    const injector = new Injector(targetOf({ stop }), [fault("stop", 0, LONG_MS), fault("stop", LONG_MS)], noted);
    injector.begin(0, () => {});
    await until("the fault", () => noted.all.length === 1);
    await injector.end();
    expect(done).toEqual(["stopped", "continued"]);
  });

  test("goes on where a fault finds nothing to befall at the moment", async () => {
    const noted = new Faults();
    const kill: Inject = () => Promise.reject(new NoVictimError("no node is ready"));
    const injector = new Injector(
      targetOf({ kill, cut: async () => ({ text: "cut" }) }),
      [fault("kill", 0), fault("cut", 1)],
      noted,
    );
    injector.begin(0, () => {});
    await until("both", () => noted.all.length === 2);
    await injector.end();
    expect(noted.all.map(({ text }) => text)).toEqual(["kill: no node is ready, so nothing was done", "cut"]);
  });

  test("says which fault could not be injected, and ends the run", async () => {
    const kill: Inject = () => Promise.reject(new Error("no node is ready"));
    const injector = new Injector(targetOf({ kill }), [fault("kill", 0)], new Faults());
    const failed = new Promise<void>((resolve) => injector.begin(0, resolve));
    await failed;
    await expect(injector.end()).rejects.toThrow(new FaultError("kill: no node is ready"));
  });
});

test("a kind that a target can't do is refused with the reason and what it can do", () => {
  const target = targetOf({ kill: async () => ({ text: "" }), cut: async () => ({ text: "" }) });
  expect(kindsOf(target)).toEqual(["kill", "cut"]);
  expect(() => demand(target, ["kill", "loss"])).toThrow(
    new FaultError("loss can't be done to test: it is a test's; it can do kill, cut"),
  );
});
