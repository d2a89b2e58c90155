import { type ChatMessage, MESSAGE_ID, RequestError, type RoomId, roomNamed } from "@switchyard/protocol";
import type { Context, Feature, OnlineRules } from "../context.ts";
import { dropEndedPeople } from "../identity/takeover.ts";
import type { Participant } from "../participant.ts";
import { readFeedEvent, writeFeedEvent } from "../presence/feed-event.ts";
import { keptAs } from "../reference.ts";
import { SAMPLE } from "../stale-entries.ts";
import { NamesAnnouncer } from "./names.ts";

/** Stands for users whose accounts are removed. No account can have that name. */
const FORMER_USER = "[deleted]";

/** The one room of a dialect in which everyone receives every message. Its members are the users that are online. */
export const CHATROOM: RoomId = roomNamed("chat", "all");

/** One room of everyone in the dialect, in which a user may be by several connections. */
export const chatroom = {
  name: "chatroom",
  events: ["said", "removed", "history", "names"],
  display: {
    announcer: (context, onFailure) => new NamesAnnouncer(context, rulesOf(context).listed, onFailure),
    state: async (context) => {
      const { listed } = rulesOf(context);
      return { type: "names", ...(await context.store.online.names(context.dialect, listed)) };
    },
  },
  async complete({ store, dialect, onlineRules }, _session, _record, reference) {
    if (reference.event.type !== "history" || !("upTo" in reference)) return undefined;
    const entries = await store.feeds.upTo(dialect, reference.upTo, onlineRules?.historyLimit ?? 0);
    return { type: "history", messages: entries.flatMap(messageIn) };
  },
  async release({ outbox, trace }, session, holdings) {
    for (const room of holdings.rooms) await outbox.unseat(session, room, undefined, trace);
  },
  async end({ store, dialect }, session) {
    await store.online.removeSession(dialect, session);
  },
  async forget(context, { user, messages, until }) {
    const { dialect, store } = context;
    if (await hasSaidSomething(context, user))
      await store.feedRewriting.forget(dialect, user, until, messages === "anonymise" ? FORMER_USER : undefined);
    for (const allowance of ["costly", "signal", "free", "ignored"])
      await store.users.forgetCount(dialect, user, allowance);
    await store.users.forgetConnects(user);
  },
  async audit(context) {
    const { dialect, store } = context;
    await store.feeds.trim(dialect, rulesOf(context).feed);
    const holders = await store.online.sampleHolders(dialect, SAMPLE);
    return dropEndedPeople(context, holders, async ({ session }) => {
      await store.online.removeSession(dialect, session);
    });
  },
} as const satisfies Feature;

/**
 * A client whose token names its user has connected: it is in the chatroom, beside its other connections, receives the last messages, and
 * everything from then on. The intents (the user in the session, the session with the user) are written first; the end of the session
 * undoes them.
 * @throws RequestError `unauthorized` without a token
 */
export async function enterChatroom(context: Context, participant: Participant): Promise<void> {
  const { store, dialect, outbox, render } = context;
  const { session, epoch } = participant;
  const rules = rulesOf(context);
  const user = participant.bearer?.user;
  if (user === undefined) throw new RequestError("unauthorized");
  const errorCode = await store.sessions.setUser(session, user, undefined, epoch);
  if (errorCode) throw new RequestError("server_error");
  await store.presence.add(dialect, session);
  await store.online.addSession(dialect, session, user); // before the user's own entry: it is by this one that a late one is found
  await store.users.addSession(dialect, user, session);
  const { entries, last } = await store.feeds.latest(dialect, rules.historyLimit);
  const seat = { kind: "member", user, profile: {} } as const;
  const subscription = { epoch, last, room: CHATROOM, seat };
  const messages = entries.flatMap(messageIn);
  const packet = keptAs(render({ type: "history", messages }), { event: { type: "history" }, upTo: last });
  if (!(await outbox.followFeed(session, subscription, packet))) throw new RequestError("server_error");
  participant.user = user;
  participant.apply({ in: CHATROOM, seat });
}

/**
 * Says something to everyone. It is kept when this resolves.
 * @returns the message's id
 */
export async function sendChatroomMessage(context: Context, participant: Participant, text: string): Promise<string> {
  const { session, sender } = participant;
  const user = participant.requireUser();
  const message = { session, user, name: undefined, text };
  const event = writeFeedEvent({ type: "said", room: CHATROOM, message }, context.trace);
  const id = await context.store.feeds.post(context.dialect, event, sender, rulesOf(context).feed);
  if (id === "fenced") throw new RequestError("server_error");
  return id;
}

/** Messages before a given one, or the last ones, oldest first; and whether there are more. */
export async function loadMessages(
  { store, dialect }: Context,
  participant: Participant,
  before: string | undefined,
  limit: number,
): Promise<{ messages: ChatMessage[]; hasMore: boolean }> {
  participant.requireUser();
  if (before !== undefined && !MESSAGE_ID.test(before)) {
    throw new RequestError("validation", "before: must be the id of a message");
  }
  const messages: ChatMessage[] = [];
  for (let from = before; ; ) {
    const entries = await store.feeds.before(dialect, from, limit + 1);
    const wanted = entries.slice(-limit);
    messages.unshift(...wanted.flatMap(messageIn));
    from = wanted[0]?.id;
    const hasMore = entries.length > limit;
    // a page of nothing but messages that are erased says nothing about those before
    if (messages.length > 0 || !hasMore) return { messages, hasMore };
  }
}

async function hasSaidSomething({ store, dialect }: Context, user: string): Promise<boolean> {
  const said = `"user":${JSON.stringify(user)}`.toLowerCase();
  for await (const entries of store.feedRewriting.entries(dialect)) {
    if (entries.some(({ event }) => event.toLowerCase().includes(said))) return true;
  }
  return false;
}

/** A message; `undefined` if there is none with that id. */
export async function messageOfChatroom({ store, dialect }: Context, id: string): Promise<ChatMessage | undefined> {
  const entry = await store.feeds.find(dialect, id);
  return entry && messageIn(entry)[0];
}

/** The last messages, oldest first. */
export async function recentMessages({ store, dialect }: Context, count: number): Promise<ChatMessage[]> {
  return (await store.feeds.before(dialect, undefined, count)).flatMap(messageIn);
}

function rulesOf({ onlineRules, dialect }: Context): OnlineRules {
  if (!onlineRules) throw new TypeError(`${dialect} has no chatroom`);
  return onlineRules;
}

function messageIn(entry: Parameters<typeof readFeedEvent>[0]): ChatMessage[] {
  const event = readFeedEvent(entry);
  return event.type === "said" ? [event.message] : [];
}
