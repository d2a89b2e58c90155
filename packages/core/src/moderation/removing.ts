import { type ChatMessage, MESSAGE_ID, type RoomId } from "@switchyard/protocol";
import type { ErasedMessage, Removal } from "@switchyard/store";
import { CHATROOM, chatroom, messageOfChatroom } from "../chatroom/chatroom.ts";
import type { Cluster, Context } from "../context.ts";
import { writeFeedEvent } from "../presence/feed-event.ts";
import { saidPacket } from "../rooms/meeting.ts";
import { checkReason } from "./reviewing.ts";

/** A process that began a removal and has not done it after so long is dead, or slow: then the sweep does it. */
const OVERDUE_MS = 5000;
/** As long as the longest lease: after it no node that stood still delivers a message that was kept before. */
const SETTLED_MS = 60_000;

/** A removal as an operator asks for it. */
export interface RemovalRequest {
  readonly room: RoomId;
  /** The message's. */
  readonly id: string;
  readonly reason: string;
  /** The operator's name. */
  readonly by: string;
}

/**
 * Removes a message from a room or the chatroom, for everyone: from the history, and from what sessions have not received yet; those that
 * are there are sent its id. It is done when this resolves; where the process dies on the way, the sweep does it.
 * @returns the message; `undefined` if the room has no such message
 * @throws UnusableActionError
 */
export async function removeMessage(
  cluster: Cluster,
  { room, id, reason, by }: RemovalRequest,
): Promise<ChatMessage | undefined> {
  checkReason(reason, by);
  if (!MESSAGE_ID.test(id)) return undefined;
  const { removals, clock } = cluster.store;
  const context = await contextOfRoom(cluster, room);
  const message = context && (await find(context, room, id));
  if (!context || !message) return undefined;
  const removal = { dialect: context.dialect, room, message, by, reason, at: Math.floor(clock.now()) };
  await removals.begin(removal);
  await carryOut(context, removal);
  await removals.done(removal);
  return message;
}

/**
 * Once a second, by the sweep: finishes removals that a process has left half done, and does each once more when no node that stood still
 * can deliver the message any longer.
 * @returns how many it carried out
 */
export async function sweepRemovals({ store, contexts }: Cluster): Promise<number> {
  const now = store.clock.now();
  const due = (await store.removals.noted()).filter(
    ({ at, isDone = false }) => now - at > (isDone ? SETTLED_MS : OVERDUE_MS),
  );
  for (const removal of due) {
    const context = contexts.get(removal.dialect);
    if (context) await carryOut(context, removal);
    await (now - removal.at > SETTLED_MS ? store.removals.forget(removal) : store.removals.done(removal));
  }
  return due.length;
}

/** The context of a room's dialect; `undefined` if there is no such room. */
export async function contextOfRoom({ store, contexts }: Cluster, room: RoomId): Promise<Context | undefined> {
  if (room === CHATROOM) return [...contexts.values()].find(hasChatroom);
  const dialect = await store.rooms.dialect(room);
  return dialect === undefined ? undefined : contexts.get(dialect);
}

async function find(context: Context, room: RoomId, id: string): Promise<ChatMessage | undefined> {
  return room === CHATROOM ? messageOfChatroom(context, id) : context.store.rooms.message(room, id);
}

async function carryOut(context: Context, { room, message }: Removal): Promise<void> {
  const { store, dialect, outbox, trace, onlineRules } = context;
  const event = { type: "removed", room, id: message.id } as const;
  if (room === CHATROOM && onlineRules) {
    const entry = writeFeedEvent(event, trace);
    return store.removals.removeFromFeed(dialect, message.id, entry, onlineRules.feed);
  }
  const { revision, members } = await store.removals.removeFromRoom(room, message.id);
  const [packet, said] = [context.render(event), saidPacket(context, room, message)];
  const blank = context.render({ type: "said", room, message: { ...message, text: "" } });
  if (!packet || !said || !blank) return;
  const erased: ErasedMessage = {
    said: said.reference ?? said.text,
    message: payloadOf(said.text),
    blank: payloadOf(blank.text),
  };
  await outbox.append(packet, members, {
    verb: "eraseMessage",
    room,
    write: (session) => store.removals.erase(session, room, erased, packet.text, revision, packet.trace),
  });
}

function hasChatroom({ features }: Context): boolean {
  return features.some(({ name }) => name === chatroom.name);
}

/** The payload of an event with one: the dialect's lists of messages have it in the same form. */
function payloadOf(packet: string): string {
  return packet.slice(packet.indexOf(",") + 1, -1);
}
