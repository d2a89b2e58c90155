import { ban as layBan, UnusableBanError } from "@switchyard/core";
import { dialectNames } from "@switchyard/dialects";
import { settings } from "@switchyard/runtime";
import { banKinds } from "@switchyard/store";
import type { Command, Flags } from "../../command.ts";
import { UsageError } from "../../exit-code.ts";
import { byOption, describeBan, lengthOf, NAMELESS, scopeOf, whomOf } from "./described-ban.ts";

export const ban: Command = {
  name: "ban",
  operands: ["<kind>", "<whom>"],
  changes: () => true,
  summary: "Bans a user, an address or a network: connected ones are disconnected, and can't come back.",
  more:
    "The kind is `user`, `address` or `network` (`203.0.113.0/24`, `2001:db8::/32`); of an IPv6 address its /64 counts. " +
    "When the command ends, no more pairs are made with a banned one, and within a second all nodes know of it. " +
    "The reason is sent to those who are banned. A second ban of the same one in the same dialect takes the place of the first.",
  examples: [
    { call: 'sy ban user anna --for 7d --reason "Insults"', description: "everywhere, for a week" },
    {
      call: 'sy ban network 203.0.113.0/24 --dialect random --reason "Spam" --by max',
      description: "in one dialect, for good",
    },
  ],
  options: {
    dialect: { value: "name", description: "only in that dialect (default: in all)" },
    for: { value: "time", description: "for how long: 30s, 15m, 2h, 7d, 4w (default: for good)" },
    reason: { value: "text", description: "why; needed" },
    by: byOption,
  },
  run: async ({ operands: [kindText = "", whom = ""], flags, open }) => {
    const kind = banKinds.find((one) => one === kindText);
    if (!kind) throw new UsageError(`it is called as: sy ban ${banKinds.join("|")} <whom>`);
    const dialect = flags.oneOf("dialect", dialectNames);
    const [lifetimeMs, reason, by] = [lifetimeOf(flags), flags.need("reason"), flags.text("by") ?? NAMELESS];
    const { cluster, store } = await open();
    const until = lifetimeMs === undefined ? undefined : store.clock.now() + lifetimeMs;
    const laid = await layBan(cluster, { kind, whom, dialect, until, reason, by }).catch((error: unknown) => {
      throw error instanceof UnusableBanError ? new UsageError(error.message) : error;
    });
    return {
      document: describeBan(laid),
      text: `${whomOf(laid)} is banned ${lengthOf(laid)}, ${scopeOf(laid)}; sy unban ${laid.id} lifts that`,
    };
  },
};

function lifetimeOf(flags: Flags): number | undefined {
  const text = flags.text("for");
  if (text === undefined) return undefined;
  const parsed = settings.JWT_EXPIRES_IN.safeParse(text); // what a time looks like, here as there
  if (!parsed.success) throw new UsageError(`--for ${parsed.error.issues[0]?.message}`);
  return parsed.data * 1000;
}
