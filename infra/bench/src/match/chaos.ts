import { setTimeout as wait } from "node:timers/promises";
import type { Store } from "@switchyard/store";
import { settled } from "../until.ts";
import { gatherCrowd } from "./crowd.ts";
import { type MatchmakerProcess, startMatchmaker } from "./matchmaker-process.ts";
import { isSettled, judge, type Verdict } from "./verdict.ts";

const MATCHMAKERS = 3;
const KILL_EVERY_MS = 2500;
const PATIENCE_MS = 300_000;

export interface Chaos {
  readonly tickets: number;
  readonly kills: number;
  readonly seconds: number;
  readonly verdict: Verdict;
}

/** Several matchmakers take a queue apart while one after another is killed in the middle of it, and replaced. */
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
    const crowd = await gatherCrowd(store, "chat", tickets);
    await settled(() => isSettled(store, "chat"), PATIENCE_MS);
    const seconds = (performance.now() - start) / 1000;
    return { tickets, kills, seconds, verdict: await judge(store, crowd) };
  } finally {
    over = true;
    await killing;
    for (const matchmaker of matchmakers) await matchmaker.stop();
  }
}
