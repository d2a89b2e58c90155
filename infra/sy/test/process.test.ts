import { execFile, spawn, spawnSync } from "node:child_process";
import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startLocalRedis, until } from "@switchyard/testkit";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { runCli } from "../src/cli.ts";

const program = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const call = (...args: string[]) => ["--conditions=source", program, ...args];
const within = (environment: object) => ({ PATH: process.env["PATH"], ...environment });
const environment = { REDIS_URL: inject("redisUrl") };

const run = (settings: object, ...args: string[]) =>
  promisify(execFile)(process.execPath, call(...args), { env: within(settings) }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );

test("answers on its standard output, and ends with the code", async () => {
  const { code, stdout, stderr } = await run(environment, "queues", "--json");
  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toHaveProperty("queues");
});

test("2 for a call, or settings, that can't be used", async () => {
  expect(await run(environment, "rooms", "--limit", "some")).toMatchObject({
    ...{ code: 2, stdout: "", stderr: "sy: --limit must be a whole number, at least 1\n" },
  });
  expect(await say({ ...environment, LEASE_MS: "x" }, "status")).toMatchObject({ code: 2, stdout: "" });
});

/** The same without a process. */
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

test("whoever reads the answer may stop reading", async () => {
  const child = spawn(process.execPath, call("help"), { env: within({}), stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect([code, complaint]).toEqual([0, ""]);
});

test("1 where the answer can't be written", async () => {
  const full = await open("/dev/full", "w");
  onTestFinished(() => full.close());
  const child = spawn(process.execPath, call("help"), { env: within({}), stdio: ["ignore", full.fd, "pipe"] });
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect([code, complaint]).toEqual([1, expect.stringMatching(/^sy: the answer can't be written \(.*ENOSPC.*\)\n$/)]);
});

describe("top", () => {
  /** `sy top` in a terminal of its own. */
  function inTerminal() {
    const line = `exec '${process.execPath}' ${call("top", "--interval", "100").join(" ")}`;
    const child = spawn("script", ["-qefc", line, "/dev/null"], { env: within({ ...environment, SHELL: "/bin/sh" }) });
    onTestFinished(() => void child.kill());
    const seen = { text: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      seen.text += text;
    });
    return { child, seen, ended: new Promise((resolve) => child.once("close", resolve)) };
  }

  const hasTerminals = spawnSync("script", ["--version"]).status === 0; // that of util-linux
  test.for([
    ["q", "q"],
    ["Ctrl-C", "\u0003"],
  ] as const)("draws on the terminal again and again until %s, and leaves it as it was", async ([, key], { skip }) => {
    skip(!hasTerminals, "it needs the program script of util-linux on the PATH, and there is none");
    const { child, seen, ended } = inTerminal();
    await until("it to have drawn twice", () => seen.text.split("sy top, every 100 ms").length > 2, 20_000);
    child.stdin.write(key);
    expect(await ended).toBe(0);
    expect(seen.text.startsWith("\u001b[?1049h")).toBe(true);
    const [, after] = seen.text.split("\u001b[?1049l");
    expect(after).toMatch(/MESSAGES\/S/); // what it showed last stays
  });

  test("looks twice where there is no terminal", async () => {
    const { code, stdout } = await run(environment, "top", "--interval", "100");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/MESSAGES\/S/)]);
    expect(stdout).not.toContain("\u001b");
  });
});
