import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const NODES = 2;
/** Front door, nodes and one matchmaker, on successive ports. */
const PORTS = NODES + 2;
/** Enough for a machine that has to install and build everything first. */
const START_MS = 150_000;

/** The real thing, as `npm start` runs it, with ports and a state of its own. */
export interface RunningCluster {
  readonly url: string;
  /** What it has printed so far. */
  output(): string;
  /** Ends a node's process as a crash would. */
  killNode(id: string): Promise<void>;
  stop(): Promise<void>;
}

/** @throws Error with what the cluster printed when it does not come up */
export async function startCluster(): Promise<RunningCluster> {
  const runDirectory = await mkdtemp(join(tmpdir(), "switchyard-web-"));
  const port = await freePorts(PORTS);
  const own = { PORT: String(port), NODES: String(NODES), MATCHMAKERS: "1", RUN_DIR: runDirectory, REDIS_URL: "" };
  const child = spawn(process.execPath, ["infra/bootstrap/main.mjs", "start"], {
    cwd: root,
    env: { ...process.env, ...own, HOST: "127.0.0.1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (printed += chunk));
  const endWithTest = () => child.kill("SIGTERM");
  process.once("exit", endWithTest);
  const stop = async () => {
    process.off("exit", endWithTest);
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    await rm(runDirectory, { recursive: true, force: true });
  };
  try {
    await isReady(child, () => printed);
  } catch (error) {
    await stop();
    throw error;
  }
  const kill = (id: string) => killNode(join(runDirectory, "state.json"), id);
  return { url: `http://localhost:${port}`, output: () => printed, killNode: kill, stop };
}

function isReady(child: ChildProcess, printed: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (what: string) => reject(new Error(`The cluster ${what}:\n${printed()}`));
    const limit = setTimeout(() => fail("is not ready yet"), START_MS);
    child.stdout?.on("data", () => {
      if (!/^ready http/m.test(printed())) return;
      clearTimeout(limit);
      resolve();
    });
    child.once("exit", () => {
      clearTimeout(limit);
      fail("did not come up");
    });
  });
}

async function killNode(stateFile: string, id: string): Promise<void> {
  const state: { nodes: { id: string; pid: number }[] } = JSON.parse(await readFile(stateFile, "utf8"));
  const node = state.nodes.find((candidate) => candidate.id === id);
  if (!node) throw new Error(`No node is called ${id}.`);
  process.kill(node.pid, "SIGKILL");
}

/** The first of `count` successive free ports, below those that the system gives to outgoing connections. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
