import { TimerWheel } from "@switchyard/load";
import { answerParent } from "../calls.ts";
import { arriveAll, Target } from "./target.ts";

// The sessions that are not banned, in a process of their own: they receive the number of users whenever it changes, ten thousand
// messages at once, behind which a client that is banned would wait here to be read.

const wheel = new TimerWheel();
wheel.start();
const targets: Target[] = [];

/** Sessions that are to connect. */
export interface Arrivals {
  /** They connect to these in turn. */
  readonly urls: readonly string[];
  readonly first: number;
  readonly count: number;
}

const crowdCalls = {
  /** Resolves when they all wait for a partner. */
  arrive: async ({ urls, first, count }: Arrivals): Promise<void> => {
    const numbers = Array.from({ length: count }, (_, i) => first + i);
    const arriving = numbers.map((number) => new Target(urls[number % urls.length] ?? "", number, wheel));
    targets.push(...arriving);
    await arriveAll(arriving);
  },
  leave: (): void => {
    for (const target of targets) target.close();
    wheel.stop();
  },
};

export type CrowdCalls = typeof crowdCalls;

answerParent(crowdCalls);
process.once("disconnect", () => process.exit(0)); // the benchmark is gone
