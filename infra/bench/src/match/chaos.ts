import { setTimeout as wait } from "node:timers/promises";
import type { SessionId } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";
import type { NodeProcess } from "../relay/node-process.ts";
import { startMatchmaker } from "../services.ts";
import { settled } from "../until.ts";
import { bringBack, churn } from "./churn.ts";
import { contextOf, gatherCrowd } from "./crowd.ts";
import { isSettled, judge, type Verdict } from "./verdict.ts";

const MATCHMAKERS = 3;
const KILL_EVERY_MS = 2500;
const PATIENCE_MS = 300_000;

export interface Chaos {
  readonly tickets: number;
  readonly kills: number;
  /** How many took their wish back meanwhile and joined again. */
  readonly leavers: number;
  readonly seconds: number;
  readonly verdict: Verdict;
}

/**
 * Several matchmakers take a queue apart while one after another is killed in the middle of it, and replaced, and a part of the crowd
 * leaves and joins again.
 */
export async function measureChaos(store: Store, redisUrl: string, tickets: number): Promise<Chaos> {
  const matchmakers: NodeProcess[] = [];
  const startNumber = async (number: number) => {
    matchmakers[number] = await startMatchmaker(redisUrl, `bench-chaos-${number}`);
  };
  try {
    for (let number = 0; number < MATCHMAKERS; number += 1) await startNumber(number);
    const start = performance.now();
    const over = new AbortController();
    const end = async (): Promise<Omit<Chaos, "kills">> => {
      const { crowd, leavers } = await gatherRestless(store, tickets);
      await settled(() => isQuiet(store, crowd), PATIENCE_MS);
      const seconds = (performance.now() - start) / 1000;
      return { tickets, leavers, seconds, verdict: await judge(store, crowd) };
    };
    const [kills, chaos] = await Promise.all([
      killInTurn(matchmakers, startNumber, over.signal),
      end().finally(() => over.abort()),
    ]);
    return { ...chaos, kills };
  } finally {
    await Promise.all(matchmakers.map((matchmaker) => matchmaker.stop()));
  }
}

/** Kills one after the other and replaces it, until it is over. Returns how many were killed. */
async function killInTurn(
  matchmakers: readonly NodeProcess[],
  startNumber: (number: number) => Promise<void>,
  over: AbortSignal,
): Promise<number> {
  for (let kills = 0; ; kills += 1) {
    await wait(KILL_EVERY_MS, undefined, { signal: over }).catch(() => {}); // it is over in the middle of a wait
    if (over.aborted) return kills;
    const victim = kills % MATCHMAKERS;
    await matchmakers[victim]?.kill();
    await startNumber(victim);
  }
}

async function gatherRestless(store: Store, tickets: number): Promise<{ crowd: SessionId[]; leavers: number }> {
  const crowd: SessionId[] = [];
  let gathered = false;
  const [leavers] = await Promise.all([
    churn(contextOf(store), "chat", crowd, () => gathered),
    gatherCrowd(store, "chat", tickets, crowd).finally(() => {
      gathered = true;
    }),
  ]);
  return { crowd, leavers };
}

/** Nobody waits, and nobody is left without a partner who has gone; of an odd number one waits until they have come back. */
async function isQuiet(store: Store, crowd: readonly SessionId[]): Promise<boolean> {
  const [{ waiting }, open] = await Promise.all([store.queues.figures("chat"), store.assignments.open("chat")]);
  if (waiting > 1 || open > 0) return false;
  return (await bringBack(contextOf(store), "chat", crowd)) === 0 && isSettled(store, "chat");
}
