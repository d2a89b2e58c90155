import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { NodeProcess } from "./node-process.ts";

const SAMPLING_MICROSECONDS = 250;

/** Starts a CPU profile of each node. Without a directory: does nothing. */
export async function startProfile(nodes: readonly NodeProcess[], directory: string): Promise<void> {
  if (directory !== "") await Promise.all(nodes.map((node) => node.ask("startProfile", SAMPLING_MICROSECONDS)));
}

/** Writes them to `<directory>/<node>-<pid>.cpuprofile`, for the performance tools of Chromium or an editor. */
export async function writeProfile(nodes: readonly NodeProcess[], directory: string): Promise<void> {
  if (directory === "") return;
  mkdirSync(directory, { recursive: true });
  const fileOf = ({ name, pid }: NodeProcess) => join(directory, `${name}-${pid}.cpuprofile`);
  await Promise.all(nodes.map((node) => node.ask("writeProfile", fileOf(node))));
}
