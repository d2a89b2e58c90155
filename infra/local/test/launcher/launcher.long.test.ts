import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { freePorts, startLocalRedis } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import { emptyRoot, startLauncher } from "./launcher-process.ts";

async function pinged(url: string): Promise<string> {
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  return redis.ping();
}

describe("start", () => {
  test("brings up as many nodes as NODES says, on the ports that follow", async () => {
    const launcher = await startLauncher({ root: await emptyRoot(), environment: { NODES: "3" } });
    await launcher.ready();
    const urls = launcher.state().nodes.map(({ url }) => url);
    expect(urls).toEqual([1, 2, 3].map((i) => `http://127.0.0.1:${launcher.port + i}`));
    for (const i of [1, 2, 3]) expect(launcher.output()).toMatch(new RegExp(`^node-${i} +ready `, "m"));
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
    const users = { observer: redis.url, operator: redis.url };
    expect(launcher.state().redis).toEqual({ url: redis.url, pid: null, users });
    launcher.child.kill("SIGTERM");
    expect(await launcher.ended()).toBe(0);
    expect(await pinged(redis.url)).toBe("PONG");
  });

  test("a part that can't start ends it all, with the part's own words", async () => {
    const launcher = await startLauncher({ root: await emptyRoot(), environment: { STAND_IN: "broken" } });
    expect(await launcher.ended()).toBe(1);
    expect(launcher.output()).toContain(
      "ends at once (exit code 1). Its last words: The stand-in was told to be broken.",
    );
  });
});

describe("starting twice", () => {
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
