import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onFreePort, until } from "../../../packages/testkit/src/index.ts";
import { prometheus as configured } from "./files.ts";

export interface Targets {
  readonly signaling: readonly string[];
  readonly matchmaker: readonly string[];
}

/** A real Prometheus with our rules, that looks every second. */
export interface RunningPrometheus {
  /** @param path below `/api/v1/`; resolves to what is under `data` */
  ask<Data>(path: string, parameters?: Readonly<Record<string, string>>): Promise<Data>;
  stop(): Promise<void>;
}

export const hasPrometheus = spawnSync("prometheus", ["--version"]).status === 0;

export function startPrometheus(targets: Targets): Promise<RunningPrometheus> {
  return onFreePort((port) => startOn(`127.0.0.1:${port}`, targets));
}

async function startOn(address: string, targets: Targets): Promise<RunningPrometheus> {
  const directory = mkdtempSync(join(tmpdir(), "switchyard-prometheus-"));
  const config = join(directory, "prometheus.yml");
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
      rule_files: [`${configured}rules/*.yml`],
      scrape_configs: Object.entries(targets).map(([name, list]) => ({
        job_name: name,
        static_configs: [{ targets: list }],
      })),
    }),
  );
  const flags = { "config.file": config, "storage.tsdb.path": join(directory, "data"), "log.level": "error" };
  const given = Object.entries({ ...flags, "web.listen-address": address }).map(
    ([name, value]) => `--${name}=${value}`,
  );
  const child = spawn("prometheus", given, { stdio: ["ignore", "ignore", "pipe"] });
  let printed = "";
  child.stderr.on("data", (chunk: Buffer) => (printed += chunk));
  const url = `http://${address}`;
  const isReady = async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok;
  const stop = async () => {
    await ended(child);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await until("Prometheus to be ready", async () => child.exitCode !== null || (await isReady()));
    if (child.exitCode !== null) throw new Error("Prometheus ended by itself");
  } catch (error) {
    await stop();
    throw new Error(`${error instanceof Error ? error.message : error}; it printed:\n${printed}`, { cause: error });
  }
  return { stop, ask: (path, parameters = {}) => ask(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`) };
}

async function ask<Data>(url: string): Promise<Data> {
  const { status, data, error } = (await (await fetch(url)).json()) as { status: string; data: Data; error?: string };
  if (status !== "success") throw new Error(error);
  return data;
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode !== null || !child.kill("SIGKILL")) return;
  await gone;
}
