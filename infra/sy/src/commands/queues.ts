import type { Command } from "../command.ts";
import { type Operator, queuesOf } from "../operator.ts";
import { table } from "../table.ts";
import { duration } from "../units.ts";

export const queues: Command = {
  name: "queues",
  operands: [],
  summary: "The queues: length, longest wait, matchmaker, and pairings that are not carried out yet.",
  more:
    "`connected` counts those who can be paired now: the others are between two connections. `open` counts " +
    "pairings that are final and not carried out; where the oldest of them grows old, or `paired by` is " +
    "empty, matchmakers are missing.",
  examples: [
    { call: "sy queues", description: "whether pairing goes on" },
    { call: "sy queues --json | jq '[.queues[].oldestWaitMs] | max'", description: "how long somebody has waited" },
  ],
  options: {},
  run: async ({ open }) => {
    const operator = await open();
    const described = await Promise.all(queuesOf(operator.cluster).map((name) => describe(operator, name)));
    const rows = described.map((queue) => [
      queue.name,
      queue.waiting,
      queue.connected,
      duration(queue.oldestWaitMs),
      duration(queue.meanWaitMs),
      queue.pairs,
      queue.open,
      duration(queue.oldestOpenMs),
      queue.leader,
    ]);
    const names = ["queue", "waiting", "connected", "oldest wait", "mean wait", "pairs", "open", "oldest", "paired by"];
    return { document: { queues: described }, text: table(names, rows) };
  },
};

async function describe({ store, inspection }: Operator, name: string) {
  const [figures, leader, oldestWaitMs, open, [oldest]] = await Promise.all([
    store.queues.figures(name),
    inspection.queues.leader(name),
    longestWait(store, inspection, name),
    store.assignments.open(name),
    store.assignments.list(name, 1),
  ]);
  let connected = 0;
  for await (const page of inspection.queues.stamps(name)) {
    connected += page.filter(([, stamp]) => stamp.connected).length;
  }
  const made = oldest && Number(oldest.id.slice(0, oldest.id.indexOf("-")));
  const oldestOpenMs = made === undefined ? 0 : store.clock.now() - made;
  return { name, ...figures, connected, oldestWaitMs, open, oldestOpenMs, leader };
}

/** Of who stands first, in ms. */
async function longestWait(
  store: Operator["store"],
  inspection: Operator["inspection"],
  name: string,
): Promise<number> {
  const first = await inspection.queues.first(name);
  const [queued] = first === undefined ? [] : await store.queues.find(name, [first]);
  return queued ? Math.max(0, store.clock.now() - queued.ticket.since) : 0;
}
