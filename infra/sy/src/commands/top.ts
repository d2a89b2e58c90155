import { setTimeout as wait } from "node:timers/promises";
import type { Command } from "../command.ts";
import { type Figures, gather } from "../figures.ts";
import { overview } from "../overview.ts";
import { Screen } from "../screen.ts";

export const top: Command = {
  name: "top",
  operands: [],
  summary: "The cluster at a glance, live and with rates: q or Ctrl-C ends it.",
  more:
    "The output of `status`, refreshed, with messages, signals and pairings per second. It asks as much of " +
    "Redis as `status` does, once an interval.",
  examples: [
    { call: "sy top --interval 5000", description: "live, every five seconds" },
    { call: "sy top --once --json", description: "the rates of one second, for a script" },
  ],
  options: {
    interval: { value: "ms", description: "time between two looks (default 1000)" },
    once: { description: "two looks only, and their difference; so it is with --json, and without a terminal" },
  },
  run: async ({ flags, json, open }) => {
    const operator = await open();
    const intervalMs = flags.number("interval", 1000, 100);
    let before: Figures | undefined;
    let figures = await gather(operator);
    const next = async () => {
      before = figures;
      figures = await gather(operator);
    };
    if (flags.has("once") || json || !process.stdout.isTTY) {
      await wait(intervalMs);
      await next();
    } else {
      await watch(intervalMs, () => overview(figures, before), next);
    }
    return { document: { before, now: figures }, text: overview(figures, before) };
  },
};

async function watch(intervalMs: number, show: () => string, next: () => Promise<void>): Promise<void> {
  const screen = new Screen();
  try {
    while (!screen.isLeft) {
      screen.draw(`sy top, every ${intervalMs} ms; q ends it\n\n${show()}`);
      await Promise.race([wait(intervalMs), screen.left]);
      if (!screen.isLeft) await next();
    }
  } finally {
    screen.close();
  }
}
