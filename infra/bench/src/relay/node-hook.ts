import { subscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import type { Server } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { answerParent } from "../calls.ts";

// Loaded into every node by `--import`, so that all systems are asked about their port and memory, and profiled, in the same way.

/** V8 unmaps pages in threads of its own. */
const GIVEN_BACK_MS = 150;
const MOST_COLLECTIONS = 20;
const SETTLED_SHARE = 0.003;

/** The resident memory of a process, and the part of it that JavaScript objects take. */
export interface Memory {
  readonly residentBytes: number;
  readonly heapBytes: number;
}

const session = new Session();
const DELAY_RESOLUTION_MS = 10;
const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });

const listening = new Promise<number>((resolve) => {
  subscribe("tracing:net.server.listen:asyncEnd", (event) => {
    const address = (event as { readonly server: Server }).server.address();
    if (typeof address === "object" && address !== null) resolve(address.port);
  });
});

const nodeCalls = {
  /** The port that the node listens on, as soon as it does. */
  port: (): Promise<number> => listening,
  memory: settledMemory,
  /** Measures from now on for how long the event loop stands still. */
  watchDelay: (): void => {
    delay.enable();
    delay.reset();
  },
  /** The longest of these times, in ms; beyond the interval at which it looks. */
  longestDelay: (): number => delay.max / 1e6 - DELAY_RESOLUTION_MS,
  startProfile: async (intervalMicroseconds: number): Promise<void> => {
    session.connect();
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: intervalMicroseconds });
    await session.post("Profiler.start");
  },
  writeProfile: async (file: string): Promise<void> => {
    const { profile } = await session.post("Profiler.stop");
    writeFileSync(file, JSON.stringify(profile));
    session.disconnect();
  },
};

export type NodeCalls = typeof nodeCalls;

answerParent(nodeCalls);
process.channel?.unref(); // a node ends when its own work is done, as without this hook
process.once("disconnect", () => process.exit(0)); // the benchmark is gone

/**
 * The memory after collections that also give back the space that a burst of connections needed for its garbage, as V8
 * does by itself in a process that is idle for long. Without them, that space is most of what is seen, and chance
 * decides how much it is. They are repeated until they make no difference.
 */
async function settledMemory(): Promise<Memory> {
  let last = Number.POSITIVE_INFINITY;
  for (let collection = 0; collection < MOST_COLLECTIONS; collection++) {
    globalThis.gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
    await pause(GIVEN_BACK_MS);
    const now = process.memoryUsage.rss();
    if (Math.abs(now - last) < SETTLED_SHARE * now) break;
    last = now;
  }
  const { rss: residentBytes, heapUsed: heapBytes } = process.memoryUsage();
  return { residentBytes, heapBytes };
}
