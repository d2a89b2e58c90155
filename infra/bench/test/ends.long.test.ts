import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startLocalRedis, until } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { needRedisServer, startBenchmark } from "./benchmark.ts";

beforeAll(needRedisServer);

/** What the processes of a group run. */
function commandsOf(group: number): readonly string[] {
  const lines = execFileSync("ps", ["-A", "-o", "pgid=,args="], { encoding: "utf8" }).split("\n");
  return lines.map((line) => line.trim()).filter((line) => line.startsWith(`${group} `));
}

test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const)(
  "a benchmark that is ended with %s leaves no process and no file behind",
  async (signal) => {
    const TMPDIR = await mkdtemp(join(tmpdir(), "switchyard-ends-"));
    const flags = ["--rounds", "50", "--pairs", "4", "--idle", "10", "--systems", "switchyard,ws"];
    const { pid, ended } = startBenchmark("relay", flags, { TMPDIR });
    onTestFinished(async () => {
      if (commandsOf(pid).length > 0) process.kill(-pid, "SIGKILL");
      await rm(TMPDIR, { recursive: true, force: true });
    });
    // the other system is about to start by then
    await until("clients to be there", () => commandsOf(pid).some((command) => command.includes("load-process")));
    process.kill(pid, signal);
    const { stderr } = await ended;
    if (signal !== "SIGKILL") expect(stderr).toBe(""); // by that one it can't end anything in order
    await until("all processes to be gone", () => commandsOf(pid).length === 0);
    await until("all files to be gone", async () => (await readdir(TMPDIR)).length === 0);
  },
);

describe.each([
  ["socket-io", { ADAPTER: "classic" }],
  ["socket-io", { ADAPTER: "sharded" }],
  ["ws", {}],
])("a node of a baseline, %s %o,", (name, environment) => {
  /** A node that is connected to a Redis of its own. */
  async function start() {
    const redisServer = await startLocalRedis({ cluster: false });
    onTestFinished(redisServer.stop);
    const script = fileURLToPath(new URL(`../src/relay/baseline/baseline-${name}.ts`, import.meta.url));
    const child = spawn(process.execPath, ["--conditions=source", script], {
      env: { ...environment, REDIS_URL: redisServer.url, PORT: "0", HOST: "127.0.0.1", NODE_NAME: "node-1" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const ended = new Promise((resolve) => child.once("close", (code) => resolve({ code, stderr })));
    const redis = new Redis(redisServer.url);
    onTestFinished(() => redis.disconnect());
    redis.on("error", () => {}); // a test stops it
    const connected = async () =>
      String(await redis.client("LIST"))
        .trim()
        .split("\n").length === 3;
    await until("the node to be connected twice", connected);
    return { redisServer, child, ended };
  }

  test("ends at SIGTERM, and says nothing", async () => {
    const { child, ended } = await start();
    child.kill("SIGTERM");
    expect(await ended).toEqual({ code: 0, stderr: "" });
  });

  test("that loses its Redis says so once, and ends", async () => {
    const { redisServer, ended } = await start();
    await redisServer.stop();
    expect(await ended).toEqual({ code: 1, stderr: expect.stringMatching(/^node-1 lost its Redis: [^\n]*\n$/) });
  });
});
