import { freePort, runService, type ServiceName } from "@switchyard/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { expectCleanEnd } from "./clean-end.ts";
import { startOldRedis } from "./old-redis.ts";

describe.each<ServiceName>(["signaling", "matchmaker"])(
  "%s prints why it does not start in one sentence, and nothing else, and ends with 1",
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
  },
);

test.each([
  ["signaling", "SIGINT"],
  ["matchmaker", "SIGTERM"],
] as const)("%s ends cleanly on %s", expectCleanEnd);
