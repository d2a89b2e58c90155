import { freePort, runService, type ServiceName, startService } from "@switchyard/testkit";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { versionProblem } from "../src/index.ts";
import { startOldRedis } from "./old-redis.ts";

describe("versionProblem", () => {
  test.each([
    ["redis_version:7.0.0"],
    ["# Server\r\nredis_version:7.4.2\r\nredis_mode:cluster\r\n"],
    ["redis_version:10.0.1"],
    ["redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.0"],
    ["redis_version:7.2.4\r\nvalkey_version:9.1.0-rc1"],
  ])("is none for %j", (info) => expect(versionProblem(info)).toBeUndefined());

  test.each([
    ["redis_version:6.2.14", "Redis 6.2.14"],
    ["redis_version:5.0.0\r\nos:Linux", "Redis 5.0.0"],
    ["redis_version:7.2.4\r\nvalkey_version:7.2.5", "Valkey 7.2.5"],
    ["", "Redis unknown"],
    ["redis_version:next", "Redis next"],
    ["x_redis_version:7.0.0", "Redis unknown"],
  ])("of %j names %s", (info, product) => {
    expect(versionProblem(info)).toBe(`it is ${product}, and Switchyard needs Redis 7 or newer, or Valkey 8 or newer.`);
  });
});

describe.each<ServiceName>(["signaling", "matchmaker"])(
  "%s does not start, and says why in one sentence",
  (service) => {
    test("with a Redis that is too old", async () => {
      const redis = await startOldRedis("# Server\r\nredis_version:6.2.14\r\nredis_mode:standalone\r\n");
      onTestFinished(redis.close);
      const address = redis.url.replace("redis://", "");
      expect(await runService(service, { REDIS_URL: redis.url })).toEqual({
        code: 1,
        signal: null,
        stdout: "",
        stderr: `Redis at ${address} is too old: it is Redis 6.2.14, and Switchyard needs Redis 7 or newer, or Valkey 8 or newer.\n`,
      });
    });

    test("without a Redis", async () => {
      const port = await freePort();
      const ended = await runService(service, { REDIS_URL: `redis://:hunter2@127.0.0.1:${port}` });
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toMatch(
        new RegExp(`^Redis at 127\\.0\\.0\\.1:${port} can't be reached \\(.*\\): start it, or set REDIS_URL\\.\n$`),
      );
      expect(ended.stderr).not.toMatch(/hunter2|\n.*\n/);
    });

    test("with settings that can't be used", async () => {
      const ended = await runService(service, { PORT: "x", REDIS_URL: "hunter2", RECONNECT_GRACE_MS: "soon" });
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toMatch(
        /^PORT is not usable .*REDIS_URL is not usable.*RECONNECT_GRACE_MS is not usable.*\n$/,
      );
      expect(ended.stderr).not.toMatch(/hunter2|\n.*\n/);
    });

    test("on a port that is taken", async () => {
      const running = await startService(service, { REDIS_URL: inject("redisUrl") });
      onTestFinished(async () => void (await running.kill()));
      const ended = await runService(service, { REDIS_URL: inject("redisUrl"), PORT: running.port });
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain(String(running.port));
      expect(ended.stderr).not.toMatch(/\n.*\n/);
    });
  },
);

test("signaling does not start with a ROOT_DIALECT that there isn't", async () => {
  const ended = await runService("signaling", { REDIS_URL: inject("redisUrl"), ROOT_DIALECT: "klingon" });
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('ROOT_DIALECT is "klingon"') });
});

test.each<ServiceName>(["signaling", "matchmaker"])("%s ends cleanly on SIGTERM and on SIGINT", async (service) => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const running = await startService(service, { REDIS_URL: inject("redisUrl"), SHUTDOWN_MS: 0 });
    onTestFinished(async () => void (await running.kill()));
    expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
    running.signal(signal);
    expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: "" });
    expect(running.errors()).toEqual([]);
  }
});
