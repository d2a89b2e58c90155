import type { Command } from "../command.ts";
import { exitCodes } from "../exit-code.ts";
import { gather } from "../figures.ts";
import { overview } from "../overview.ts";

export const status: Command = {
  name: "status",
  operands: [],
  summary: "The cluster at a glance: nodes with load, lease and version, matchmakers, dialects, queues, Redis.",
  more:
    "A node is alive until its lease runs out; a dead one is being cleared up after. `connected` counts its " +
    "sessions that have a connection, `detached` those whose client may still come back. Ends with 1 where no " +
    "node is alive, no matchmaker is there, or Redis is so full that nodes take nothing new.",
  examples: [
    { call: "sy status", description: "the first thing to look at" },
    {
      call: "sy status --json | jq -r '.nodes[] | [.id, .version, .connected] | @tsv'",
      description: "the version and the load of each node",
    },
  ],
  options: {},
  run: async ({ open }) => {
    const figures = await gather(await open());
    const isUp = figures.nodes.some(({ state }) => state === "alive") && figures.matchmakers.length > 0;
    const isFine = isUp && !figures.redis.isOverWatermark;
    return { document: figures, text: overview(figures), code: isFine ? exitCodes.fine : exitCodes.problem };
  },
};
