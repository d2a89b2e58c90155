import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { keys } from "@switchyard/store";
import { CleanUp, until } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { isRunning } from "../processes.ts";
import { emptyRoot, type LauncherProcess, processesOf, startLauncher } from "./launcher-process.ts";

const health = async (url: string) => (await (await fetch(`${url}/health`)).json()) as { node: string; redis: string };

/** The private Redis, to which each service connects as a user of its own. */
const asNode = (owners: string) => new RegExp(`^redis://signaling:\\w+@${new URL(owners).host}$`);

function openRedis(url: string): Redis {
  const redis = new Redis(url, { retryStrategy: (attempt) => Math.min(attempt * 20, 200) });
  redis.on("error", () => {});
  onTestFinished(() => redis.disconnect());
  return redis;
}

describe("a cluster that runs", () => {
  const cleanUp = new CleanUp();
  let root: string;
  let launcher: LauncherProcess;

  beforeAll(async () => {
    const whenOver = (task: () => unknown) => cleanUp.add(task);
    root = await emptyRoot(whenOver);
    launcher = await startLauncher({ root }, whenOver);
    await launcher.ready();
  });
  afterAll(cleanUp.run);

  test("has every part, has said so, and has written what runs where", async () => {
    const state = launcher.state();
    expect(state.front).toEqual({ url: launcher.url });
    expect(state.nodes.map(({ url }) => url)).toEqual([1, 2].map((i) => `http://127.0.0.1:${launcher.port + i}`));
    for (const { id, url } of state.nodes)
      expect(await health(url)).toMatchObject({ node: id, redis: expect.stringMatching(asNode(state.redis.url)) });
    expect(state.matchmakers).toHaveLength(1);
    expect(processesOf(state).every(isRunning)).toBe(true);
    expect(state.nodes.map(({ id }) => id)).toContain((await health(launcher.url)).node);
    for (const part of ["redis", "node-1", "node-2", "matchmaker-1", "front"]) {
      expect(launcher.output()).toMatch(new RegExp(`^${part} +ready `, "m"));
    }
    expect(launcher.output()).toMatch(/^node-1 +\d\d:\d\d:\d\d info {2}listening port=\d+$/m);
  });

  test("has written nothing that other users of the machine can read, Redis's files and its socket included", () => {
    const { runDirectory } = launcher;
    const written = ["", ...readdirSync(runDirectory, { recursive: true, encoding: "utf8" })];
    expect(written.some((name) => /redis.appendonlydir.*\.aof$/.test(name))).toBe(true);
    const open = written.filter((name) => (statSync(join(runDirectory, name)).mode & 0o077) !== 0);
    expect(open).toEqual([]);
  });

  test("lets whoever has it do everything with its private Redis", async () => {
    const redis = openRedis(launcher.state().redis.url);
    expect(await redis.dbsize()).toBe((await redis.keys("*")).length);
    expect(await redis.config("RESETSTAT")).toBe("OK");
    expect(await redis.call("CLIENT", "KILL", "TYPE", "pubsub")).toEqual(expect.any(Number));
  });

  test("started once more on its port, from its directory or another one, says so", async () => {
    for (const directory of [root, await emptyRoot()]) {
      const second = await startLauncher({ root: directory, port: launcher.port });
      expect(await second.ended()).toBe(1);
      expect(second.output()).toContain(`A Switchyard cluster already runs on ${launcher.url}`);
    }
    expect((await fetch(`${launcher.url}/health`)).status).toBe(200);
  });

  test("a node that is killed comes back, and state.json stays true", async () => {
    const [killed, other] = launcher.state().nodes;
    process.kill(killed?.pid ?? 0, "SIGKILL");
    await until("state.json to show the new process", () => {
      const { nodes } = launcher.state();
      return nodes.length === 2 && nodes[0]?.pid !== killed?.pid;
    });
    const [again, stayed] = launcher.state().nodes;
    expect(stayed).toEqual(other);
    expect(again?.url).toBe(killed?.url);
    expect(await health(again?.url ?? "")).toMatchObject({ node: again?.id });
    expect(again?.id).not.toBe(killed?.id);
    expect(launcher.output()).toMatch(/^node-1 +died: SIGKILL; starting it again in 0\.1 s$/m);
    await until("the front door to use it again", async () => (await health(launcher.url)).node === again?.id);
  });

  test("so does the private Redis, at its address and with what it held", async () => {
    const before = launcher.state().redis;
    const redis = openRedis(before.url);
    await redis.set(keys.secret("kept"), "through a crash");
    process.kill(before.pid ?? 0, "SIGKILL");
    await until("it to be back", () => {
      const { pid } = launcher.state().redis;
      return pid !== null && pid !== before.pid;
    });
    expect(launcher.state().redis.url).toBe(before.url);
    expect(await redis.get(keys.secret("kept"))).toBe("through a crash");
  });
});

test.for([
  ["NODES", "none", "NODES is not usable"],
  ["PORT", "65535", "PORT is too high"],
  ["REDIS_URL", "redis://127.0.0.1:1", "Redis at 127.0.0.1:1 can't be reached"],
] as const)("says in a sentence what is wrong with %s=%s", async ([name, value, words]) => {
  const launcher = await startLauncher({ root: await emptyRoot(), environment: { [name]: value } });
  expect(await launcher.ended()).toBe(1);
  expect(launcher.output()).toContain(words);
  expect(launcher.output().trim().split("\n")).toHaveLength(1);
});
