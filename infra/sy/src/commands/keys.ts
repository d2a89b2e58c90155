import { setTimeout as wait } from "node:timers/promises";
import type { FoundKey, Keyspace } from "@switchyard/store/inspection";
import type { Command } from "../command.ts";
import { KindSum } from "../kind-sum.ts";
import { table } from "../table.ts";
import { duration, size } from "../units.ts";

export const keyKinds: Command = {
  name: "keys",
  operands: [],
  summary: "The keys by kind: number, memory, lifetime, and the biggest. Safe on a live system.",
  more:
    "Goes through the keys with SCAN, a few at a time with rests in between, and asks Redis for each key's " +
    "memory, which it estimates for large ones. `stays` means that no lifetime is set: such keys are removed " +
    "explicitly. `docs/keys.md` describes each kind, and names what removes it.",
  examples: [
    { call: "sy keys", description: "the memory of each kind" },
    { call: "sy keys --limit 2000 --pause 20", description: "a sample, as gently as can be" },
  ],
  options: {
    limit: { value: "n", description: "look at so many keys at most (default 100000)" },
    count: { value: "n", description: "keys that Redis looks at in one command (default 100)" },
    pause: { value: "ms", description: "rest between two commands (default 2)" },
  },
  run: async ({ flags, open }) => {
    const { inspection } = await open();
    const limit = flags.number("limit", 100_000, 1);
    const pace = { count: flags.number("count", 100, 1), pauseMs: flags.number("pause", 2) };
    const sums = new Map<string, KindSum>();
    let looked = 0;
    let complete = true;
    for await (const found of inspection.keyspace.scan(pace)) {
      const some = found.slice(0, limit - looked);
      looked += some.length;
      await add(inspection.keyspace, some, sums);
      complete = some.length === found.length;
      if (!complete) break;
      await wait(pace.pauseMs);
    }
    const kinds = [...sums.values()].map((sum) => sum.figures()).sort((one, other) => other.bytes - one.bytes);
    const rows = kinds.map(({ kind, count, bytes, expiring, longestTtlMs, biggest }) => [
      kind,
      count,
      size(bytes),
      expiring === 0 ? "stays" : `${expiring} go in ${duration(longestTtlMs)}`,
      biggest.name,
      size(biggest.bytes),
    ]);
    const text = table(["kind", "keys", "memory", "lifetime", "biggest", "memory"], rows);
    const left = `\n\nonly the first ${looked} keys were looked at; --limit looks at more`;
    return { document: { kinds, looked, complete }, text: complete ? text : text + left };
  },
};

async function add(keyspace: Keyspace, found: readonly FoundKey[], sums: Map<string, KindSum>): Promise<void> {
  const costs = await Promise.all(found.map((key) => keyspace.measure(key)));
  found.forEach(({ name, known, isJob }, i) => {
    const cost = costs[i];
    if (!cost) return; // it has gone meanwhile
    const kind = known?.kind ?? (isJob ? "jobs" : "unknown");
    const sum = sums.get(kind) ?? new KindSum(kind);
    sums.set(kind, sum);
    sum.add(name, cost);
  });
}
