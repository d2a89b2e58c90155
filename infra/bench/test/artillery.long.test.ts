import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startCluster, until } from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const USERS = 96;
const MESSAGES_EACH = 5;
/** The first time npm fetches some hundred packages. */
const FETCHED_WITHIN_MS = 420_000;
const RUN_WITHIN_MS = 300_000;

/** Neither does it report that it ran, nor do scripts of its packages run, nor is npm patient with a registry that is not there. */
const environment = {
  ...process.env,
  ARTILLERY_DISABLE_TELEMETRY: "true",
  npm_config_ignore_scripts: "true",
  npm_config_prefer_offline: "true",
  npm_config_fetch_retries: "0",
};

/** The command of docs/load.md: the packages that it names, and the arguments behind them. */
async function documentedCommand() {
  const page = await readFile(join(repository, "docs/load.md"), "utf8");
  const [, packages = "", run = ""] = /^npx (--yes(?: --package \S+)+) artillery (.+)$/m.exec(page) ?? [];
  return { packages: packages.split(" "), run: run.split(" ") };
}

/** Runs in a process group of its own, which ends whole if it takes too long. */
function npx(args: readonly string[], withinMs: number): Promise<{ code: number | null; output: string }> {
  const child = spawn("npx", args, { cwd: repository, env: environment, detached: true });
  const { pid } = child;
  const impatience = setTimeout(() => pid !== undefined && process.kill(-pid, "SIGKILL"), withinMs);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once("error", (error) => resolve({ code: null, output: error.message }));
    child.once("close", (code) => resolve({ code, output }));
  });
  return ended.finally(() => clearTimeout(impatience));
}

test("the load test of docs/load.md: everyone meets somebody, says all, and nobody fails", async ({ skip }) => {
  const { packages, run } = await documentedCommand();
  const fetched = await npx([...packages, "artillery", "--version"], FETCHED_WITHIN_MS);
  if (fetched.code !== 0) skip(`npx can't fetch Artillery: ${fetched.output.trim().split("\n").at(-1)}`);
  const cluster = await startCluster();
  onTestFinished(() => cluster.stop());
  const directory = await mkdtemp(join(tmpdir(), "switchyard-load-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const report = join(directory, "report.json");
  const target = `http://127.0.0.1:${cluster.node(0).port}`;
  const args = run.map((word) => (word.startsWith("http://") ? target : word));
  expect(args).toContain(target);
  const { code, output } = await npx([...packages, "artillery", ...args, "--output", report], RUN_WITHIN_MS);
  expect(code, output).toBe(0);
  const { aggregate } = JSON.parse(await readFile(report, "utf8")) as {
    readonly aggregate: { readonly counters: Readonly<Record<string, number>> };
  };
  expect(aggregate.counters, output).toMatchObject({
    "vusers.created": USERS,
    "vusers.completed": USERS,
    "vusers.failed": 0,
    "engine.socketio.emit": USERS * (1 + MESSAGES_EACH),
  });
  expect(Object.keys(aggregate.counters).filter((name) => name.startsWith("errors."))).toEqual([]);
  const delivered = () => cluster.store.presence.counter("random", "messages");
  await until("all messages to be counted", async () => (await delivered()) === USERS * MESSAGES_EACH);
}, 900_000);
