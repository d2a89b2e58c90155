import { startLocalRedis, type TestRedis } from "@switchyard/testkit";
import { beforeAll, expect, test, vi } from "vitest";
import { findRedis, type RedisServers } from "../src/index.ts";

/** Longer than a server may be silent. */
const STILL_MS = 6500;

let server: TestRedis;
let servers: RedisServers;
beforeAll(async () => {
  server = await startLocalRedis();
  servers = await findRedis({ REDIS_URL: server.url });
  return server.stop;
});

test("a connection is not broken because its own process stood still, with a sign of life on the way", async () => {
  const redis = await servers.open("test");
  const closed: unknown[] = [];
  redis.on("close", () => closed.push("close"));
  const isAsked = Promise.withResolvers<void>();
  const ping = redis.ping.bind(redis) as () => Promise<"PONG">;
  vi.spyOn(redis, "ping").mockImplementationOnce(() => {
    isAsked.resolve();
    return ping();
  });
  await isAsked.promise;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STILL_MS);
  expect(await redis.get("key")).toBeNull();
  expect(closed).toEqual([]);
  redis.disconnect();
});
