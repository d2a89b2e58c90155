import { setTimeout as wait } from "node:timers/promises";
import type { SessionId } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";
import { settled } from "../until.ts";
import { bringBack, churn } from "./churn.ts";
import { contextOf } from "./context.ts";
import { gatherCrowd } from "./crowd.ts";
import { type MatchmakerProcess, startMatchmaker } from "./matchmaker-process.ts";
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
  const matchmakers: MatchmakerProcess[] = [];
  for (let i = 0; i < MATCHMAKERS; i += 1) matchmakers.push(await startMatchmaker(redisUrl, `bench-chaos-${i}`));
  const start = performance.now();
  let kills = 0;
  let over = false;
  const killing = (async () => {
    for (let victim = 0; ; victim = (victim + 1) % MATCHMAKERS) {
      await wait(KILL_EVERY_MS);
      if (over) return;
      await matchmakers[victim]?.kill();
      kills += 1;
      matchmakers[victim] = await startMatchmaker(redisUrl, `bench-chaos-${victim}`);
    }
  })();
  try {
    const { crowd, leavers } = await gatherRestless(store, tickets);
    await settled(() => isQuiet(store, crowd), PATIENCE_MS);
    const seconds = (performance.now() - start) / 1000;
    return { tickets, kills, leavers, seconds, verdict: await judge(store, crowd) };
  } finally {
    over = true;
    await killing;
    for (const matchmaker of matchmakers) await matchmaker.stop();
  }
}

async function gatherRestless(store: Store, tickets: number): Promise<{ crowd: SessionId[]; leavers: number }> {
  const crowd: SessionId[] = [];
  let gathered = false;
  const leaving = churn(contextOf(store), "chat", crowd, () => gathered);
  try {
    await gatherCrowd(store, "chat", tickets, crowd);
  } finally {
    gathered = true;
  }
  return { crowd, leavers: await leaving };
}

/** Nobody waits, and nobody is left without a partner who has gone; of an odd number one waits until they have come back. */
async function isQuiet(store: Store, crowd: readonly SessionId[]): Promise<boolean> {
  const [{ waiting }, open] = await Promise.all([store.queues.figures("chat"), store.assignments.open("chat")]);
  if (waiting > 1 || open > 0) return false;
  return (await bringBack(contextOf(store), "chat", crowd)) === 0 && isSettled(store, "chat");
}
