import { randomUUID } from "node:crypto";
import { NoticeConflictError, notify as send, UnusableActionError } from "@switchyard/core";
import { dialectNames } from "@switchyard/dialects";
import type { Json } from "@switchyard/protocol";
import type { NoticeTarget } from "@switchyard/store";
import type { Command, Flags } from "../../command.ts";
import { OperatorError, UsageError } from "../../exit-code.ts";
import { byOption, NAMELESS } from "../moderation/described-ban.ts";

const kinds = ["user", "room", "dialect"] as const;

export const notify: Command = {
  name: "notify",
  operands: ["<kind>", "<whom>", "<event>", "<payload>"],
  changes: () => true,
  summary:
    "Sends an event of your own to a user, a room or everyone in a dialect, numbered and recovered like any other.",
  more:
    "The kind is `user` (with `--dialect`), `room` (as `sy rooms` names it; the chatroom is `chat:all`) or `dialect`. " +
    "The payload is JSON, the event's only argument. The answer says how many sessions have it, and how many receive it " +
    "when they are back. It is in the audit log, without its payload. The same call with the same `--id` sends nothing " +
    "twice, for 15 minutes. Ends with 1 where nobody is there, or where another event has the id.",
  examples: [
    { call: "sy notify user anna app:credits 5 --dialect random", description: "to all sessions of a user" },
    { call: "sy notify dialect chat app:minutes-left 10 --by max", description: "to everyone in a dialect" },
  ],
  options: {
    dialect: { value: "name", description: "the user's dialect; needed for a user" },
    id: { value: "text", description: "the id by which the same call is recognised (default: a random one)" },
    by: byOption,
  },
  run: async ({ operands: [kind = "", whom = "", name = "", text = ""], flags, open }) => {
    const [to, payload] = [targetOf(kind, whom, flags), jsonOf(text)];
    const id = flags.text("id") ?? randomUUID();
    const { cluster } = await open();
    const request = { id, to, name, payload, by: flags.text("by") ?? NAMELESS, isAudited: true };
    const outcome = await send(cluster, request).catch((error: unknown) => {
      if (error instanceof UnusableActionError) throw new UsageError(error.message);
      throw error instanceof NoticeConflictError ? new OperatorError(error.message) : error;
    });
    const { connected, detached, entry, isRepeated } = outcome;
    const isKept = connected + detached > 0 || entry !== undefined;
    const reached = `${connected} connected ${noun(connected)}, and ${detached} without a connection`;
    const kept =
      entry === undefined ? `kept for ${reached}` : `entry ${entry} of the feed, for ${noun(connected, true)}`;
    const text_ = isKept ? kept : "nobody is there: it was sent to no session";
    const document = { id, kept: isKept, connected, detached, entry, repeated: isRepeated };
    return {
      document,
      text: isRepeated ? `${text_}; it was sent before` : text_,
      ...(isKept ? {} : { code: 1 as const }),
    };
  },
};

function noun(count: number, isCounted = false): string {
  const word = count === 1 ? "session" : "sessions";
  return isCounted ? `${count} ${word}` : word;
}

function targetOf(kind: string, whom: string, flags: Flags): NoticeTarget {
  const known = kinds.find((one) => one === kind);
  if (known === "user") return { kind: known, user: whom, dialect: flags.oneOf("dialect", dialectNames) ?? needed() };
  if (known === "room") return { kind: known, room: whom };
  if (known === "dialect") return { kind: known, dialect: whom };
  throw new UsageError(`the first argument must be one of ${kinds.join(", ")}`);
}

function needed(): never {
  throw new UsageError("--dialect is needed for a user");
}

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new UsageError("the payload must be JSON");
  }
}
