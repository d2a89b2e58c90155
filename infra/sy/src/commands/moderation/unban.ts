import { unban as liftBan } from "@switchyard/core";
import type { Command } from "../../command.ts";
import { OperatorError } from "../../exit-code.ts";
import { byOption, describeBan, NAMELESS, participles, scopeOf, whomOf } from "./described-ban.ts";

export const unban: Command = {
  name: "unban",
  operands: ["<id>"],
  changes: () => true,
  summary: "Lifts a ban, a mute or a shadow before its end.",
  more: "`sy bans` shows the ids. Those who were banned can connect at once. Ends with 1 where there is no such ban.",
  examples: [
    { call: "sy unban 5d41402abc4b2a76b9719d91", description: "by the id that sy ban printed" },
    {
      call: "sy unban 5d41402abc4b2a76b9719d91 --reason Mistake --by max",
      description: "with a word for the audit log",
    },
  ],
  options: {
    reason: { value: "text", description: "why, for the audit log" },
    by: byOption,
  },
  run: async ({ operands: [id = ""], flags, open }) => {
    const { cluster } = await open();
    const lifted = await liftBan(cluster, id, flags.text("by") ?? NAMELESS, flags.text("reason"));
    if (!lifted) throw new OperatorError(`there is no ban ${id}`);
    return {
      document: describeBan(lifted),
      text: `${whomOf(lifted)} is no longer ${participles[lifted.effect]} (${scopeOf(lifted)})`,
    };
  },
};
