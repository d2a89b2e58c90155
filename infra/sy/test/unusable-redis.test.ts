import { startLocalRedis } from "@switchyard/testkit";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { runCli } from "../src/cli.ts";

/** Calls `sy` with these settings and no others. */
async function say(settings: Record<string, string>, ...args: string[]) {
  const said = { stdout: "", stderr: "" };
  const code = await runCli(args, settings, {
    answer: (text) => {
      said.stdout += text;
    },
    aside: (text) => {
      said.stderr += text;
    },
  });
  return { code, ...said };
}

test("2 for settings that can't be used", async () => {
  expect(await say({ REDIS_URL: inject("redisUrl"), LEASE_MS: "x" }, "status")).toMatchObject({ code: 2, stdout: "" });
});

describe("a Redis that can't be used is named in one sentence, without the password:", () => {
  test.each([
    ["nobody listens", "redis://:s3cr3t@127.0.0.1:1", 3, /127\.0\.0\.1:1 can't be reached .*ECONNREFUSED/],
    ["no such name", "redis://:s3cr3t@nowhere.invalid:6379", 3, /nowhere\.invalid:6379 can't be reached/],
    ["no URL", "s3cr3t", 2, /REDIS_URL is not usable/],
    ["no port", "redis://:s3cr3t@127.0.0.1:99999", 2, /REDIS_URL is not usable/],
    ["another protocol", "http://:s3cr3t@127.0.0.1:6379", 2, /REDIS_URL is not usable/],
  ])("%s", async (_, REDIS_URL, code, sentence) => {
    await expectSentence(REDIS_URL, code, sentence);
  });

  test("no such user", async () => {
    const { port, stop } = await startLocalRedis(); // it notes who was refused
    onTestFinished(stop);
    await expectSentence(`redis://nobody:s3cr3t@127.0.0.1:${port}`, 3, /can't be reached .*WRONGPASS/);
  });

  async function expectSentence(REDIS_URL: string, code: number, sentence: RegExp): Promise<void> {
    const said = await say({ REDIS_URL }, "status");
    expect(said).toEqual({ code, stdout: "", stderr: expect.stringMatching(sentence) });
    expect(said.stderr).not.toMatch(/\n|s3cr3t/);
    const asDocument = await say({ REDIS_URL }, "status", "--json");
    expect(asDocument).toMatchObject({ code, stderr: "" });
    expect(JSON.parse(asDocument.stdout)).toEqual({ error: expect.stringMatching(sentence) });
    expect(asDocument.stdout).not.toContain("s3cr3t");
  }
});
