import { randomUUID } from "node:crypto";
import { join, Participant } from "@switchyard/core";
import { type Channels, keys, readOutboxMessage, type Store } from "@switchyard/store";
import { createLatency, type Percentiles } from "../latency.ts";
import { startMatchmaker } from "../services.ts";
import { settled } from "../until.ts";
import { contextOf } from "./crowd.ts";

const TICK_MS = 5;
const SETTLE_MS = 20_000;

export interface Steady {
  readonly joinsPerSecond: number;
  /** Time from the later one's join until both have been notified, in ms. */
  readonly timeToMatch: Percentiles;
  readonly unmatched: number;
}

/**
 * Joins at a given rate, each through the use case that nodes run, and takes the time from the join until the session's own channel
 * says that a partner was found. Of each pair the one that joined later counts: the other waited for it.
 */
export async function measureSteady(
  store: Store,
  channels: Channels,
  redisUrl: string,
  { joinsPerSecond, seconds }: { joinsPerSecond: number; seconds: number },
): Promise<Steady> {
  const matchmaker = await startMatchmaker(redisUrl, "bench-steady");
  const context = contextOf(store);
  const joined = new Map<string, number>();
  const latency = createLatency();
  let [paired, failed] = [0, 0];
  const total = Math.floor((joinsPerSecond * seconds) / 2) * 2;
  const enter = async () => {
    const session = randomUUID();
    await store.sessions.open(session, "random", "none", "bench");
    await channels.listen(keys.outbox(session), (text) => {
      const { control } = readOutboxMessage(text);
      if (!control || !("in" in control) || control.seat.kind !== "pair") return;
      paired += 1;
      const partner = joined.get(control.seat.peer);
      const own = joined.get(session) ?? Number.POSITIVE_INFINITY;
      if (partner !== undefined && own >= partner) latency.record(performance.now() - own);
    });
    joined.set(session, performance.now());
    await join(context, new Participant(session, "random", 1), wishOf(session));
  };
  try {
    const start = performance.now();
    for (let begun = 0; begun < total; ) {
      const wanted = Math.min(total, Math.ceil(((performance.now() - start) / 1000) * joinsPerSecond));
      for (; begun < wanted; begun += 1) enter().catch(() => (failed += 1));
      await new Promise((resume) => setTimeout(resume, TICK_MS));
    }
    await settled(() => paired + failed >= total, SETTLE_MS);
    return { joinsPerSecond, timeToMatch: latency.percentiles(), unmatched: total - paired };
  } finally {
    await matchmaker.stop();
  }
}

function wishOf(session: string) {
  const nothing = { interests: [], language: undefined, region: undefined, avoid: [] };
  return { user: `user-${session}`, queue: "video", ...nothing };
}
