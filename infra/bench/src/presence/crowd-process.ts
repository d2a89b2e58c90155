import { setTimeout as pause } from "node:timers/promises";
import { answerParent } from "../calls.ts";
import { Guest, type Tally } from "./guest.ts";
import { type Manners, mannersOf, type PresenceDialect } from "./manners.ts";

// The clients, in a process of their own. Guests of several such processes have numbers that are `stride` apart.

const FAULTS_KEPT = 5;
const TICK_MS = 5;

const tally: Tally = { arrived: 0, greetingBytes: 0, told: 0, toldBytes: 0, listBytes: 0 };
const guests: Guest[] = [];
const faults: string[] = [];
let manners: Manners;
let meeting: Meeting;
let flowing: Promise<void> = Promise.resolve();
let flows = false;

/** Where guests go, and how they are numbered. */
export interface Meeting {
  readonly dialect: PresenceDialect;
  /** They connect to these in turn. */
  readonly urls: readonly string[];
  readonly secret: string;
  readonly first: number;
  readonly stride: number;
}

const crowdCalls = {
  meet: (wanted: Meeting): void => {
    meeting = wanted;
    manners = mannersOf(wanted.dialect, wanted.secret);
  },
  /** So many more come, `atOnce` of them at a time; resolves when they are in. */
  rush: async ({ count, atOnce }: { count: number; atOnce: number }): Promise<void> => {
    let left = count;
    const lane = async () => {
      while (left-- > 0) await comeIn();
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
  },
  /** From now on they come at a rate. */
  flow: ({ perSecond }: { perSecond: number }): void => {
    flows = true;
    flowing = keepComing(perSecond);
  },
  /** Nobody else comes; resolves when those on the way are in. */
  halt: async (): Promise<void> => {
    flows = false;
    await flowing;
  },
  /** @throws Error if anything was wrong since the start */
  tally: (): Tally => {
    if (faults.length > 0) throw new Error(faults.join("; "));
    return tally;
  },
  /** Number of guests whose last announced total is `total`. */
  informed: (total: number): number => guests.filter((guest) => guest.total === total).length,
  leave: (): void => {
    for (const guest of guests) guest.close();
  },
};

export type CrowdCalls = typeof crowdCalls;

answerParent(crowdCalls);
process.once("disconnect", () => process.exit(0)); // the benchmark is gone

async function comeIn(): Promise<void> {
  const { first, stride, urls } = meeting;
  const number = first + stride * guests.length;
  const user = `user-${String(number).padStart(6, "0")}`;
  const url = urls[guests.length % urls.length] ?? "";
  const guest = new Guest(url, user, manners, tally, (fault) => {
    if (faults.length < FAULTS_KEPT) faults.push(fault);
  });
  guests.push(guest);
  await guest.arrival();
}

async function keepComing(perSecond: number): Promise<void> {
  const start = performance.now();
  const coming: Promise<void>[] = [];
  while (flows) {
    const due = ((performance.now() - start) * perSecond) / 1000;
    while (coming.length < due) coming.push(comeIn());
    await pause(TICK_MS);
  }
  await Promise.all(coming);
}
