import { once } from "node:events";
import { startLocalRedis, until } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { watchHeartbeat } from "../src/heartbeat.ts";

const BEAT_EVERY_MS = 20;

/** A connection that is watched, to a server of its own. */
async function watched() {
  const server = await startLocalRedis({ cluster: false });
  onTestFinished(server.stop);
  const redis = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: 0 });
  onTestFinished(() => redis.disconnect());
  const errors: Error[] = [];
  redis.on("error", (error) => errors.push(error));
  watchHeartbeat(redis, BEAT_EVERY_MS);
  await once(redis, "ready");
  return { server, redis, errors };
}

/** Until the watch has asked, and not yet read the answer. */
async function asked(redis: Redis): Promise<void> {
  const { stream } = redis;
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  await new Promise<void>((resume) => {
    stream.write = (...args: unknown[]) => {
      resume();
      return write(...args);
    };
  });
}

/** Right before timers are looked at, and sockets after them. */
async function standStill(forMs: number): Promise<void> {
  await new Promise((resume) => setImmediate(resume));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
}

test("the connection to a Redis that hangs is broken, and made anew when it goes on", async () => {
  const { server, redis, errors } = await watched();
  const pid = Number(server.pid);
  process.kill(pid, "SIGSTOP");
  onTestFinished(() => void process.kill(pid, "SIGCONT"));
  await until("the connection to be broken", () => errors.some(({ message }) => /has not answered/.test(message)));
  process.kill(pid, "SIGCONT");
  await until("it to be made anew", async () => (await redis.ping()) === "PONG");
});

test("a process that stood still keeps its connection: the answer may be there", async () => {
  const { redis, errors } = await watched();
  let closed = 0;
  redis.on("close", () => {
    closed += 1;
  });
  for (let i = 0; i < 3; i += 1) {
    await asked(redis);
    await standStill(20 * BEAT_EVERY_MS);
    expect(await redis.ping()).toBe("PONG");
  }
  expect([errors, closed]).toEqual([[], 0]);
});
