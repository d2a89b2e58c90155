import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { call, within } from "./sy-process.ts";

const JWT_SECRET = "a secret that is only used in this test of load";
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, matchmakers: 0, environment: { JWT_SECRET } });
  return cluster.stop;
});

/** A run of three users, which does not end by itself. */
const length = ["--users", "3", "--ramp", "100ms", "--duration", "1h"];
const runOf = (scenario: string) => ["load", "--scenario", scenario, "--target", cluster.node(0).url, ...length];

function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, call(...args), { env: within(environment) });
  onTestFinished(() => void child.kill("SIGKILL"));
  const closed = once(child, "close");
  const heard = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      heard[name] += text;
    });
  }
  return { child, closed, heard };
}

async function interrupted({ child, closed, heard }: ReturnType<typeof start>, at = / 3 connected/): Promise<string> {
  await until("all to be connected", () => at.test(heard.stderr));
  child.kill("SIGINT");
  expect(await closed).toEqual([0, null]);
  return heard.stdout;
}

test("load: Ctrl-C ends it, with the report so far and its code", async () => {
  expect(await interrupted(start(runOf("idle")))).toMatch(/^idle: [\s\S]*users +3\n[\s\S]*verdict: ok\n$/);
});

test("load worker: does what is handed out, with tokens of its own, and Ctrl-C of the one that hands out ends it", async () => {
  const queue = ["--queue", inject("redisUrl"), "--queue-name", randomUUID()];
  const worker = start(["load", "worker", ...queue, "--processes", "2"], { JWT_SECRET });
  const waiting = () => worker.heard.stderr.match(/waits for work/g)?.length === 2;
  await until("both workers to wait", waiting);
  const scenario = join(await mkdtemp(join(tmpdir(), "switchyard-load-")), "chatroom.yaml");
  onTestFinished(() => rm(dirname(scenario), { recursive: true }));
  await writeFile(scenario, "mix: [{ behaviour: chat, messageEvery: 300ms }]\n");
  const handingOut = start([...runOf(scenario), ...queue]);
  const report = await interrupted(handingOut, / 3 connected, .* [1-9]\d* received\/s/);
  expect(report).toMatch(/users +3\n[\s\S]*workers: 2 of 2\n[\s\S]*verdict: ok\n$/);
  worker.child.kill("SIGINT");
  expect(await worker.closed).toEqual([0, null]);
});
