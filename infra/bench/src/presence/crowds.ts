import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Ask, asker } from "../calls.ts";
import { end, own } from "../children.ts";
import type { CrowdCalls, Meeting } from "./crowd-process.ts";
import type { Tally } from "./guest.ts";

const PROCESSES = 2;
/** How many are let in at a time in a rush. */
const AT_ONCE = 32;

const script = fileURLToPath(new URL("./crowd-process.ts", import.meta.url));

/** Everybody who comes, in processes of their own. */
export interface Crowds {
  readonly pids: readonly number[];
  /** @throws Error if a client received an event that it must not receive, or was closed */
  tally(): Promise<Tally>;
  /** So many more come, as fast as they are let in. */
  rush(count: number): Promise<void>;
  /** From now on so many a second come, until `halt`. */
  flow(perSecond: number): Promise<void>;
  halt(): Promise<void>;
  /** Number of clients whose last announced total is `total`. */
  informed(total: number): Promise<number>;
  stop(): Promise<void>;
}

export async function openCrowds(meeting: Omit<Meeting, "first" | "stride">): Promise<Crowds> {
  const children = Array.from({ length: PROCESSES }, () =>
    own(fork(script, { execArgv: ["--conditions=source"], stdio: ["ignore", 2, 2, "ipc"] })),
  );
  const asks = children.map((child, index) => asker<CrowdCalls>(child, `clients ${index + 1}`));
  const all = <Answer>(act: (ask: Ask<CrowdCalls>, index: number) => Promise<Answer>) => Promise.all(asks.map(act));
  await all((ask, first) => ask("meet", { ...meeting, first, stride: PROCESSES }));
  return {
    pids: children.flatMap(({ pid }) => pid ?? []),
    tally: async () => sum(await all((ask) => ask("tally"))),
    rush: async (count) => {
      const share = (index: number) => Math.floor((count + index) / PROCESSES);
      await all((ask, index) => ask("rush", { count: share(index), atOnce: AT_ONCE / PROCESSES }));
    },
    flow: async (perSecond) => void (await all((ask) => ask("flow", { perSecond: perSecond / PROCESSES }))),
    halt: async () => void (await all((ask) => ask("halt"))),
    informed: async (total) => (await all((ask) => ask("informed", total))).reduce((one, other) => one + other, 0),
    stop: async () => {
      await all((ask) => ask("leave")).catch(() => {}); // they are ended now, whatever they say
      await Promise.all(children.map((child) => end(child)));
    },
  };
}

function sum(tallies: readonly Tally[]): Tally {
  const total = (of: (tally: Tally) => number) => tallies.reduce((so, tally) => so + of(tally), 0);
  return {
    arrived: total(({ arrived }) => arrived),
    greetingBytes: total(({ greetingBytes }) => greetingBytes),
    told: total(({ told }) => told),
    toldBytes: total(({ toldBytes }) => toldBytes),
    listBytes: total(({ listBytes }) => listBytes),
  };
}
