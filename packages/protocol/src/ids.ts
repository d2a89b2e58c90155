import { z } from "zod";

/** Longest id or name that a client may send, in UTF-16 units. */
export const MAX_ID_LENGTH = 128;
/** Longest name that others are shown, in characters (code points): what is longer is cut. */
export const MAX_NAME_LENGTH = 64;
/** Longest chat text, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 4000;
/** Longest chat text that is taken while Redis is almost full, in UTF-16 units. */
export const SHORT_TEXT_LENGTH = 500;

/** An id or a name as clients send it: opaque, not empty, without control characters and halves of surrogate pairs. */
export const Id = z
  .string()
  .min(1)
  .max(MAX_ID_LENGTH)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, "must be well-formed text without control characters");

/** Part of the people of a cluster, as a token's claim names it: nobody is paired with somebody of another one. */
export const Cohort = z
  .string()
  .regex(/^[\w.-]{1,32}$/, "must be 1 to 32 letters of ASCII, digits, or the characters . _ -");

/** The id of a chat message, as Redis gives it. */
export const MESSAGE_ID = /^\d{1,15}-\d{1,15}$/;

/** One participant across reconnects and nodes. Stock clients know it as `socket.id`. */
export type SessionId = string & { readonly kind?: "session" };
/** A pair, match, call, meeting or chatroom. */
export type RoomId = string & { readonly kind?: "room" };
/** A person, as the client (open mode) or its token names it; unique within a dialect. */
export type UserId = string & { readonly kind?: "user" };
/** One process of a service, new at each start. */
export type NodeId = string & { readonly kind?: "node" };

/** A wire protocol, by the name of its namespace. */
export type DialectName = string & { readonly kind?: "dialect" };

/** The room with that name in a dialect. The same name in two dialects means two rooms. */
export function roomNamed(dialect: DialectName, name: string): RoomId {
  return `${dialect}:${name}`;
}

/** The name that clients use for a room; for a pair it is the id. */
export function nameOfRoom(room: RoomId): string {
  return room.slice(room.indexOf(":") + 1);
}
