import { answerParent } from "../calls.ts";
import { type AttackName, attacks } from "./attacks.ts";

// The client that means ill, in a process of its own.

let end = new AbortController();

const attackerCalls = {
  /** Does all of it at once until the time is over. */
  attack: async (wanted: {
    names: readonly AttackName[];
    urls: readonly string[];
    address: string;
    seconds: number;
  }) => {
    end = new AbortController();
    const over = setTimeout(() => end.abort(), wanted.seconds * 1000);
    const { urls, address } = wanted;
    await Promise.all(wanted.names.map((name) => attacks[name]({ urls, address, end: end.signal })));
    clearTimeout(over);
  },
};

export type AttackerCalls = typeof attackerCalls;

answerParent(attackerCalls);
process.once("disconnect", () => process.exit(0)); // the benchmark is gone
