import type { Command } from "../command.ts";
import { exitCodes } from "../exit-code.ts";
import { gather } from "../figures.ts";
import { overview } from "../overview.ts";

export const status: Command = {
  name: "status",
  operands: [],
  says: "The cluster at a glance: nodes with load, lease and version, matchmakers, dialects, queues, Redis.",
  options: {},
  run: async ({ open }) => {
    const figures = await gather(await open());
    const isUp = figures.nodes.some(({ state }) => state === "alive") && figures.matchmakers.length > 0;
    return { document: figures, text: overview(figures), code: isUp ? exitCodes.fine : exitCodes.problem };
  },
};
