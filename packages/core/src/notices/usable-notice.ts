import { Id } from "@switchyard/protocol";
import type { Notice } from "@switchyard/store";
import { CHATROOM } from "../chatroom/chatroom.ts";
import type { Cluster } from "../context.ts";

/** Longest payload (JSON, UTF-8) for a user or a room, in bytes. */
export const MAX_NOTICE_BYTES = 8192;
/** The same for everyone in a dialect: each session's outbox may keep it. */
export const MAX_NOTICE_BYTES_FOR_ALL = 1024;
/** The form of the name of a back end's event. */
export const NOTICE_NAME = /^[A-Za-z][\w.:-]{0,63}$/;
/** The form of a request's id. */
export const NOTICE_ID = /^[\w.:-]{1,64}$/;
const DEEPEST = 32;

/** Names that Socket.IO keeps for itself: a client that receives one closes its connection. */
const socketIoNames = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/** Why a notice can't be sent, in a sentence; `undefined`: it can be. */
export function checkNotice({ contexts }: Cluster, { id, to, name, payload }: Notice): string | undefined {
  if (!NOTICE_ID.test(id)) return "The id must be 1 to 64 letters of ASCII, digits, or the characters . : _ -";
  if (!NOTICE_NAME.test(name))
    return "The event's name must begin with a letter, and have at most 64 letters of ASCII, digits, or the characters . : _ -";
  if (socketIoNames.includes(name)) return `Socket.IO itself has an event ${name}.`;
  const owner = [...contexts.values()].find(({ eventNames }) => eventNames.has(name));
  if (owner) return `${owner.dialect} itself has an event ${name}.`;
  if (to.kind === "user" && !Id.safeParse(to.user).success) return "That is no user's id.";
  const isForAll = to.kind === "dialect" || (to.kind === "room" && to.room === CHATROOM);
  const most = isForAll ? MAX_NOTICE_BYTES_FOR_ALL : MAX_NOTICE_BYTES;
  if (!isShallow(payload, DEEPEST)) return `The payload must have at most ${DEEPEST} levels.`;
  if (Buffer.byteLength(JSON.stringify(payload)) > most) return `The payload must be at most ${most} bytes of JSON.`;
  return undefined;
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}
