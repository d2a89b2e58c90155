import { existsSync } from "node:fs";
import { join } from "node:path";
import { until } from "@switchyard/testkit";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { Cluster } from "../../src/cluster.ts";
import { JsonFile, type State } from "../../src/run-directory.ts";
import type { Part } from "../../src/supervisor.ts";
import { isRunning } from "../processes.ts";
import { emptyRoot, processesOf } from "./launcher-process.ts";

afterEach(() => void vi.useRealTimers());

/** A `state.json` that remembers its contents, and which of these processes ran then. */
class RecordedState extends JsonFile<State> {
  readonly said: { readonly left: string[]; readonly running: string[] }[] = [];
  readonly #pids = new Map<string, number>();
  #onWrite = () => {};

  override write(state: State): void {
    super.write(state);
    const parts = [...state.nodes, ...state.matchmakers, { id: "redis", pid: state.redis.pid }];
    for (const { id, pid } of parts) if (pid !== null) this.#pids.set(id, pid);
    const left = parts.flatMap(({ id, pid }) => (pid === null ? [] : [id]));
    this.said.push({ left, running: [...this.#pids].flatMap(([id, pid]) => (isRunning(pid) ? [id] : [])) });
    this.#onWrite();
  }

  /** Resolves when it says that just these parts are left. */
  async until(...left: string[]): Promise<void> {
    while (this.said.at(-1)?.left.join() !== left.join())
      await new Promise<void>((written) => {
        this.#onWrite = written;
      });
  }
}

/** A cluster of shell processes that run until they are ended; stubborn ones do not heed SIGTERM. */
async function startCluster({ stubborn }: { readonly stubborn: boolean }) {
  const root = await emptyRoot();
  const part = (name: string): Part => {
    const isUp = join(root, name);
    const script = `${stubborn ? "trap '' TERM; " : ""}: > "$0"; exec sleep 180`;
    return {
      name,
      command: ["sh", "-c", script, isUp],
      environment: process.env,
      probe: async () => (existsSync(isUp) ? { id: name, url: `http://${name}` } : undefined),
      guard: () => () => {},
    };
  };
  const state = new RecordedState(join(root, "state.json"));
  const cluster = new Cluster({
    front: { port: 0, host: "127.0.0.1" },
    nodes: ["node-1", "node-2"].map((name) => ({ address: { name, host: "127.0.0.1", port: 1 }, part: part(name) })),
    matchmakers: [part("matchmaker-1")],
    redis: {
      url: "redis://127.0.0.1:1",
      users: { observer: "redis://127.0.0.1:1", operator: "redis://127.0.0.1:1" },
      part: part("redis"),
    },
    nodeTimeoutMs: 60_000,
    state,
    print: () => {},
  });
  await cluster.start();
  const pids = processesOf(state.read() as State);
  onTestFinished(async () => {
    for (const pid of pids.filter(isRunning)) process.kill(pid, "SIGKILL");
    await cluster.stop();
  });
  return { cluster, state, pids };
}

test("nodes end first, then matchmakers, then Redis, and state.json says what is left", async () => {
  const { cluster, state, pids } = await startCluster({ stubborn: false });
  await cluster.stop();
  expect(pids.filter(isRunning)).toEqual([]);
  expect(existsSync(state.path)).toBe(false);
  const [all, nodeLess, ...rest] = state.said.map(({ left }) => left);
  expect(all).toEqual(["node-1", "node-2", "matchmaker-1", "redis"]);
  expect(nodeLess).toEqual([expect.stringMatching(/^node-[12]$/), "matchmaker-1", "redis"]);
  expect(rest).toEqual([["matchmaker-1", "redis"], ["redis"], []]);
  for (const { left, running } of state.said) expect(left).toEqual(expect.arrayContaining(running));
});

test("what does not want to end is ended, everything within ten seconds, and state.json says what is left", async () => {
  const { cluster, state, pids } = await startCluster({ stubborn: true });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const begun = performance.now();
  const stopped = cluster.stop();
  expect(pids.filter(isRunning)).toHaveLength(4);
  for (const left of [["matchmaker-1", "redis"], ["redis"], []]) {
    await new Promise((resume) => setImmediate(resume)); // those that are next have been asked to end by then
    vi.runOnlyPendingTimers();
    await state.until(...left);
    expect(pids.filter(isRunning)).toHaveLength(left.length);
  }
  await stopped;
  expect(performance.now() - begun).toBeLessThan(10_000); // of the clock that only this test moves
  expect(pids.filter(isRunning)).toEqual([]);
  expect(existsSync(state.path)).toBe(false);
});

test("a kill ends services, whether they want to or not, and asks Redis to end", async () => {
  const { cluster, state, pids } = await startCluster({ stubborn: true });
  const redis = pids.at(-1) ?? 0;
  cluster.kill(); // nothing was asked to end by any time, so it is this that ends them
  await until("only Redis to be left", () => pids.filter(isRunning).length === 1);
  expect(isRunning(redis)).toBe(true); // this one does not heed it; a real one completes its file
  expect(existsSync(state.path)).toBe(false);
});
