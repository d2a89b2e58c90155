import { startLocalRedis, type TestRedis, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { findRedis, type RedisServers } from "../src/index.ts";

let server: TestRedis;
let servers: RedisServers;
beforeAll(async () => {
  server = await startLocalRedis();
  servers = await findRedis({ REDIS_URL: server.url });
  return server.stop;
});

test("a connection whose server hangs is broken, what waits for an answer fails, and it is made anew", async () => {
  const redis = await servers.open("test");
  process.kill(Number(server.pid), "SIGSTOP");
  try {
    await expect(redis.get("key")).rejects.toThrow();
    expect(redis.status).not.toBe("ready");
  } finally {
    process.kill(Number(server.pid), "SIGCONT");
  }
  await until("it to answer again", async () => (await redis.ping()) === "PONG");
  redis.disconnect();
});
