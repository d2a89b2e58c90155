import type { Command } from "../../command.ts";
import { table } from "../../table.ts";
import { since } from "../../units.ts";
import { describeBan, endOf, participles, scopeOf, whomOf } from "./described-ban.ts";

export const bans: Command = {
  name: "bans",
  operands: [],
  summary: "The bans, mutes and shadows in force, the latest first.",
  more: "`queues` names queues that have not received the last change of the bans yet: the sweep sees to that within seconds.",
  examples: [
    { call: "sy bans", description: "all of them" },
    {
      call: "sy bans --json | jq -r '.bans[] | select(.by == \"max\").id' | xargs -rn1 sy unban",
      description: "lifts all bans of one operator",
    },
  ],
  options: {},
  run: async ({ open }) => {
    const { store, cluster } = await open();
    const { bans: inForce, revision } = await store.moderation.load();
    const queues = [...cluster.contexts.values()].flatMap((context) => context.queues);
    const theirs = await Promise.all(queues.map((queue) => store.queueBans.revision(queue)));
    const behind = queues.filter((_, i) => Number(theirs[i]) < Number(revision));
    const now = store.clock.now();
    const latest = inForce.toSorted((one, other) => other.at - one.at);
    const rows = latest.map((ban) => [
      ban.id,
      whomOf(ban),
      participles[ban.effect],
      scopeOf(ban),
      endOf(ban, now),
      ban.reason,
      ban.by,
      since(ban.at, now),
    ]);
    const text = table(["ban", "whom", "is", "where", "ends", "reason", "by", "since"], rows);
    const note = behind.length === 0 ? "" : `\n\nqueues that have not received the last change: ${behind.join(", ")}`;
    return { document: { bans: latest.map(describeBan), queues: behind }, text: text + note };
  },
};
