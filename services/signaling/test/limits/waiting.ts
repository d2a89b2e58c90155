import { setTimeout as wait } from "node:timers/promises";

/** Timers of Node may fire almost a millisecond before their time, and processes round theirs. */
const EARLY_MS = 5;

/** Waits as long as a refusal said. */
export const waitFor = (retryAfterMs: number): Promise<void> => wait(retryAfterMs + EARLY_MS);
