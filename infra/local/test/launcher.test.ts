import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { keys } from "@switchyard/store";
import { freePorts, startLocalRedis, until } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import { emptyRoot, processesOf, startLauncher } from "./launcher-process.ts";
import { isRunning } from "./processes.ts";

const health = async (url: string) => (await (await fetch(`${url}/health`)).json()) as { node: string; redis: string };

/** The private Redis, to which each service connects as a user of its own. */
const asNode = (owners: string) => new RegExp(`^redis://signaling:\\w+@${new URL(owners).host}$`);

function openRedis(url: string): Redis {
  const redis = new Redis(url, { retryStrategy: (attempt) => Math.min(attempt * 20, 200) });
  redis.on("error", () => {});
  onTestFinished(() => redis.disconnect());
  return redis;
}

describe("start", () => {
  test("brings up every part, says so, and writes what runs where", async () => {
    const launcher = await startLauncher({ root: await emptyRoot(), environment: { NODES: "3" } });
    await launcher.ready();
    const state = launcher.state();
    expect(state.front).toEqual({ url: launcher.url });
    expect(state.nodes.map(({ url }) => url)).toEqual([1, 2, 3].map((i) => `http://127.0.0.1:${launcher.port + i}`));
    for (const { id, url } of state.nodes)
      expect(await health(url)).toMatchObject({ node: id, redis: expect.stringMatching(asNode(state.redis.url)) });
    expect(state.matchmakers).toHaveLength(1);
    expect(processesOf(state).every(isRunning)).toBe(true);
    expect(state.nodes.map(({ id }) => id)).toContain((await health(launcher.url)).node);
    for (const part of ["redis", "node-1", "node-2", "node-3", "matchmaker-1", "front"]) {
      expect(launcher.output()).toMatch(new RegExp(`^${part} +ready `, "m"));
    }
    expect(launcher.output()).toMatch(/^node-1 +\d\d:\d\d:\d\d info {2}listening port=\d+$/m);
  });

  test("whoever has the cluster may do everything with its private Redis", async () => {
    const launcher = await startLauncher({ root: await emptyRoot() });
    await launcher.ready();
    const redis = openRedis(launcher.state().redis.url);
    expect(await redis.dbsize()).toBe((await redis.keys("*")).length);
    expect(await redis.config("RESETSTAT")).toBe("OK");
    expect(await redis.call("CLIENT", "KILL", "TYPE", "pubsub")).toEqual(expect.any(Number));
  });

  test("takes its settings from `.env`, and the environment before it", async () => {
    const root = await emptyRoot();
    await writeFile(join(root, ".env"), "NODES=1\nMATCHMAKERS=5\n");
    const launcher = await startLauncher({ root, environment: { NODES: undefined, MATCHMAKERS: "2" } });
    await launcher.ready();
    expect(launcher.state()).toMatchObject({ nodes: { length: 1 }, matchmakers: { length: 2 } });
  });

  test("uses the Redis that is given, and leaves it alone at the end", async () => {
    const redis = await startLocalRedis({ cluster: false });
    onTestFinished(redis.stop);
    const launcher = await startLauncher({ root: await emptyRoot(), environment: { REDIS_URL: redis.url } });
    await launcher.ready();
    expect(launcher.state().redis).toEqual({ url: redis.url, pid: null });
    launcher.child.kill("SIGTERM");
    expect(await launcher.ended()).toBe(0);
    expect(await openRedis(redis.url).ping()).toBe("PONG");
  });

  test("a part that can't start ends it all, with the part's own words", async () => {
    const launcher = await startLauncher({ root: await emptyRoot(), environment: { STAND_IN: "broken" } });
    expect(await launcher.ended()).toBe(1);
    expect(launcher.output()).toContain(
      "ends at once (exit code 1). Its last words: The stand-in was told to be broken.",
    );
  });

  for (const [name, value, words] of [
    ["NODES", "none", "NODES is not usable"],
    ["PORT", "65535", "PORT is too high"],
    ["REDIS_URL", "redis://127.0.0.1:1", "Redis at 127.0.0.1:1 can't be reached"],
  ] as const) {
    test(`says in a sentence what is wrong with ${name}=${value}`, async () => {
      const launcher = await startLauncher({ root: await emptyRoot(), environment: { [name]: value } });
      expect(await launcher.ended()).toBe(1);
      expect(launcher.output()).toContain(words);
      expect(launcher.output().trim().split("\n")).toHaveLength(1);
    });
  }
});

describe("starting twice", () => {
  test("on one port, from one directory or from two, says so", async () => {
    const root = await emptyRoot();
    const first = await startLauncher({ root });
    await first.ready();
    for (const directory of [root, await emptyRoot()]) {
      const second = await startLauncher({ root: directory, port: first.port });
      expect(await second.ended()).toBe(1);
      expect(second.output()).toContain(`A Switchyard cluster already runs on ${first.url}`);
    }
    expect((await fetch(`${first.url}/health`)).status).toBe(200);
  });

  test("on two ports from one directory is refused, from two directories it works", async () => {
    const root = await emptyRoot();
    const first = await startLauncher({ root });
    await first.ready();
    const second = await startLauncher({ root });
    expect(await second.ended()).toBe(1);
    expect(second.output()).toContain(`A cluster on ${first.url} already uses ${first.runDirectory}`);
    const third = await startLauncher({ root: await emptyRoot() });
    await third.ready();
    expect(third.state().redis.url).not.toBe(first.state().redis.url);
  });

  test("a port that another program has is named", async () => {
    const port = await freePorts(4);
    const squatter = createServer((_request, response) => response.end("hello"));
    onTestFinished(() => void squatter.close());
    await new Promise<void>((listening) => squatter.listen(port + 2, "127.0.0.1", listening));
    const launcher = await startLauncher({ root: await emptyRoot(), port });
    expect(await launcher.ended()).toBe(1);
    expect(launcher.output()).toContain(`Port ${port + 2} is taken by another web server`);
    const onFront = await startLauncher({ root: await emptyRoot(), port: port + 2 });
    expect(await onFront.ended()).toBe(1);
    expect(onFront.output()).toContain(`Port ${port + 2} is taken by another web server: free it, or set PORT.`);
  });
});

describe("supervision", () => {
  test("a node that is killed comes back, and state.json stays true", async () => {
    const launcher = await startLauncher({ root: await emptyRoot() });
    await launcher.ready();
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
    const launcher = await startLauncher({ root: await emptyRoot() });
    await launcher.ready();
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
