import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { NodeAddress } from "../src/backend.ts";

/** A small real node as a process, called node-1 and so on. */
export interface NodeProcess extends NodeAddress {
  /** Stops it in its tracks: its kernel goes on to accept connections and bytes. */
  freeze(): void;
  thaw(): void;
}

const main = fileURLToPath(new URL("socket-node-main.ts", import.meta.url));

export function startNodeProcesses(
  count: number,
  host: string,
  toClose: (() => unknown)[],
): Promise<readonly NodeProcess[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => startNodeProcess(`node-${index + 1}`, host, toClose)));
}

async function startNodeProcess(name: string, host: string, toClose: (() => unknown)[]): Promise<NodeProcess> {
  const child = fork(main, [name, host], { execArgv: ["--conditions=source"] });
  const ended = once(child, "exit");
  toClose.push(() => {
    child.kill("SIGKILL");
    return ended;
  });
  const [port] = (await once(child, "message")) as [number];
  return {
    name,
    host,
    port,
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
  };
}
