import { cpuMs } from "../cpu-time.ts";
import { settled } from "../until.ts";
import type { Memory } from "./node-hook.ts";
import type { NodeProcess } from "./node-process.ts";

/** Opens that many connections that do nothing, or closes them all. */
export interface IdleConnections {
  open(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Connections that come and go before memory is first read, so that code compiled at the first one is not taken for theirs. */
const FIRST_CONNECTIONS = 20;
/** They come a portion at a time, with a collection after each: memory that only a rush of them needs is not theirs either. */
const PORTION = 1000;
const NOTHING_MS = 10;
const QUIET_READINGS = 6;
const LONGEST_WAIT_MS = 5000;

/** By how much the memory of all nodes together grows per connection, garbage collected before each reading. */
export async function memoryPerConnection(
  nodes: readonly NodeProcess[],
  count: number,
  connections: IdleConnections,
): Promise<Memory> {
  await connections.open(FIRST_CONNECTIONS);
  await connections.close();
  const without = await memory(nodes);
  let withAll = without;
  for (let opened = 0; opened < count; opened += PORTION) {
    await connections.open(Math.min(PORTION, count - opened));
    withAll = await memory(nodes);
  }
  await connections.close();
  await quiet(nodes);
  return {
    residentBytes: (withAll.residentBytes - without.residentBytes) / count,
    heapBytes: (withAll.heapBytes - without.heapBytes) / count,
  };
}

async function memory(nodes: readonly NodeProcess[]): Promise<Memory> {
  await quiet(nodes);
  const each = await Promise.all(nodes.map((node) => node.ask("memory")));
  return {
    residentBytes: each.reduce((total, { residentBytes }) => total + residentBytes, 0),
    heapBytes: each.reduce((total, { heapBytes }) => total + heapBytes, 0),
  };
}

/** Waits, but not for ever, until the nodes have nothing more to do. */
async function quiet(nodes: readonly NodeProcess[]): Promise<void> {
  let last = Number.NaN;
  let quietReadings = 0;
  await settled(() => {
    const now = nodes.reduce((total, { pid }) => total + cpuMs(pid), 0);
    quietReadings = now - last <= NOTHING_MS ? quietReadings + 1 : 0;
    last = now;
    return quietReadings >= QUIET_READINGS;
  }, LONGEST_WAIT_MS);
}
