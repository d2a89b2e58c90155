import { once } from "node:events";
import { createServer } from "node:net";
import { freePort } from "@switchyard/testkit";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { startRedisServer } from "../src/redis-server.ts";
import { needRedisServer } from "./benchmark.ts";

beforeAll(needRedisServer);

/** A port on which somebody listens who never answers. */
async function silentPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("it does not listen");
  return address.port;
}

async function start(nextPort?: () => Promise<number>) {
  const redis = await startRedisServer({ appendOnly: false, ...(nextPort && { nextPort }) });
  onTestFinished(redis.stop);
  return redis;
}

test("a Redis whose port was taken meanwhile takes another one, and is never taken for the one that has it", async () => {
  const first = await start();
  await first.client.set("whose", "the first one's");
  const taken = [await silentPort(), Number(new URL(first.url).port)];
  const second = await start(async () => taken.shift() ?? freePort());
  expect(second.url).not.toBe(first.url);
  expect(await second.client.get("whose")).toBeNull();
});

test("it counts commands, its own reading not", async () => {
  const redis = await start();
  const before = await redis.read();
  await redis.client.eval("redis.call('set', KEYS[1], 1) return redis.call('get', KEYS[1])", 1, "key");
  const after = await redis.read();
  const grown = [...after.calls].map(([name, count]) => [name, count - (before.calls.get(name) ?? 0)] as const);
  expect(Object.fromEntries(grown.filter(([, count]) => count > 0))).toEqual({ eval: 1, set: 1, get: 1 });
});
