import { runService } from "@switchyard/testkit";
import { expect, inject, test } from "vitest";

test("a node whose settings don't go together ends at once, with that sentence", async () => {
  const environment = { REDIS_URL: inject("redisUrl"), NODE_ENV: "production", JWT_SECRET: "hunter2" };
  const ended = await runService("signaling", environment);
  const sentence = /^JWT_SECRET is not usable \(it is shorter than 32 characters\): .*\.\n$/;
  expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(sentence) });
  expect(ended.stderr).not.toMatch(/hunter2|\n.*\n/);
});
