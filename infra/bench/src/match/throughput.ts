import type { Store } from "@switchyard/store";
import { cpuMs as processCpuMs } from "../cpu-time.ts";
import { startMatchmaker } from "../services.ts";
import { until } from "../until.ts";
import { gatherCrowd } from "./crowd.ts";
import { isSettled, judge, type Verdict } from "./verdict.ts";

const PATIENCE_MS = 240_000;

export interface Throughput {
  readonly tickets: number;
  /** NaN where they were so few that all were paired before the first pairing was seen; so is the next one. */
  readonly ticketsPerSecond: number;
  /** Tickets for each second that the matchmaker's process computed. */
  readonly ticketsPerCpuSecond: number;
  readonly verdict: Verdict;
}

/**
 * The speed at which one matchmaker pairs a full queue: from its first pairing until every session has been notified.
 */
export async function measureThroughput(store: Store, redisUrl: string, tickets: number): Promise<Throughput> {
  const crowd = await gatherCrowd(store, "chat", tickets);
  const matchmaker = await startMatchmaker(redisUrl, "bench-throughput");
  try {
    await until("the first pairing", async () => (await store.queues.figures("chat")).waiting < tickets, PATIENCE_MS);
    const start = {
      at: performance.now(),
      cpuMs: processCpuMs(matchmaker.pid),
      left: (await store.queues.figures("chat")).waiting || Number.NaN,
    };
    await until("everyone to be paired", () => isSettled(store, "chat"), PATIENCE_MS);
    const seconds = (performance.now() - start.at) / 1000;
    const cpuSeconds = (processCpuMs(matchmaker.pid) - start.cpuMs) / 1000;
    return {
      tickets,
      ticketsPerSecond: start.left / seconds,
      ticketsPerCpuSecond: start.left / cpuSeconds,
      verdict: await judge(store, crowd),
    };
  } finally {
    await matchmaker.stop();
  }
}
