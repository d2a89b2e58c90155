import { ban as putBan, UnusableBanError } from "@switchyard/core";
import { dialectNames } from "@switchyard/dialects";
import { settings } from "@switchyard/runtime";
import { type BanEffect, banKinds } from "@switchyard/store";
import type { Call, Command, Flags, Report } from "../../command.ts";
import { UsageError } from "../../exit-code.ts";
import { byOption, describeBan, lengthOf, NAMELESS, participles, scopeOf, whomOf } from "./described-ban.ts";

/** How all three are called. */
const usage = {
  operands: ["<kind>", "<whom>"],
  changes: () => true,
  options: {
    dialect: { value: "name", description: "only in that dialect (default: in all)" },
    for: { value: "time", description: "for how long: 30s, 15m, 2h, 7d, 4w (default: for good)" },
    reason: { value: "text", description: "why; needed" },
    by: byOption,
  },
} as const satisfies Partial<Command>;

export const ban: Command = {
  name: "ban",
  ...usage,
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
  run: (call) => put("ban", call),
};

export const mute: Command = {
  name: "mute",
  ...usage,
  summary: "Mutes a user, an address or a network: connected ones stay, and can send no messages and call nobody.",
  more:
    "Called like `sy ban`, lifted by `sy unban`, and listed by `sy bans`. Those who are muted still enter rooms, are " +
    "paired and receive everything; their messages and calls are refused with `muted` and the reason. Video between " +
    "two browsers passes no node, and so goes on.",
  examples: [
    { call: 'sy mute user anna --for 15m --reason "Flooding"', description: "everywhere, for a quarter of an hour" },
    { call: 'sy mute user anna --dialect chat --reason "Flooding"', description: "in the chatroom only, for good" },
  ],
  run: (call) => put("mute", call),
};

export const shadow: Command = {
  name: "shadow",
  ...usage,
  summary: "Puts a user, an address or a network into the shadow pool: strangers whom they meet are in it too.",
  more:
    "Called like `sy ban`, lifted by `sy unban`, and listed by `sy bans`. Nothing tells those who are in the pool: they " +
    "wait as before, and are paired with others in it only. When the command ends no pair is made across the pool's " +
    "boundary any longer, those included who wait already; a pair that exists goes on. Only dialects with queues have a pool.",
  examples: [
    { call: 'sy shadow user anna --for 7d --reason "Harassment"', description: "for a week" },
    {
      call: 'sy shadow network 203.0.113.0/24 --dialect random --reason "Spam" --by max',
      description: "in one dialect, for good",
    },
  ],
  run: (call) => put("shadow", call),
};

/** Lays a ban of that effect. */
async function put(effect: BanEffect, { operands, flags, open }: Call): Promise<Report> {
  const [kindText = "", whom = ""] = operands;
  const kind = banKinds.find((one) => one === kindText);
  if (!kind) throw new UsageError(`the first argument must be one of ${banKinds.join(", ")}`);
  const dialect = flags.oneOf("dialect", dialectNames);
  const [lifetimeMs, reason, by] = [lifetimeOf(flags), flags.need("reason"), flags.text("by") ?? NAMELESS];
  const { cluster, store } = await open();
  const until = lifetimeMs === undefined ? undefined : store.clock.now() + lifetimeMs;
  const request = { effect, kind, whom, dialect, until, reason, by };
  const placed = await putBan(cluster, request).catch((error: unknown) => {
    throw error instanceof UnusableBanError ? new UsageError(error.message) : error;
  });
  const done = `${whomOf(placed)} is ${participles[effect]} ${lengthOf(placed)}, ${scopeOf(placed)}`;
  return { document: describeBan(placed), text: `${done}; sy unban ${placed.id} lifts that` };
}

function lifetimeOf(flags: Flags): number | undefined {
  const text = flags.text("for");
  if (text === undefined) return undefined;
  const parsed = settings.JWT_EXPIRES_IN.safeParse(text); // what a time looks like, here as there
  if (!parsed.success) throw new UsageError(`--for ${parsed.error.issues[0]?.message}`);
  return parsed.data * 1000;
}
