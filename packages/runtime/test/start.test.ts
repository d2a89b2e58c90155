import { freePort, type ServiceName, startServiceHere } from "@switchyard/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
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
      await expect(startServiceHere(service, { REDIS_URL: redis.url })).rejects.toMatchObject({
        message: `Redis at ${address} is too old: it is Redis 6.2.14, and Switchyard needs Redis 7 or newer, or Valkey 8 or newer.`,
      });
    });

    test("without a Redis", async () => {
      const port = await freePort();
      const starting = startServiceHere(service, { REDIS_URL: `redis://:hunter2@127.0.0.1:${port}` });
      await expect(starting).rejects.toThrow(
        new RegExp(
          `^Redis at 127\\.0\\.0\\.1:${port} can't be reached \\((?!.*hunter2).*\\): start it, or set REDIS_URL\\.$`,
        ),
      );
    });

    test("with settings that can't be used", async () => {
      const settings = { PORT: "x", REDIS_URL: "hunter2", RECONNECT_GRACE_MS: "soon" };
      await expect(startServiceHere(service, settings)).rejects.toThrow(
        /^(?!.*hunter2)PORT is not usable .*REDIS_URL is not usable.*RECONNECT_GRACE_MS is not usable.*$/,
      );
    });
  },
);
