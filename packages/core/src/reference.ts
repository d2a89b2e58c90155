import type { CoreEventOf } from "@switchyard/protocol";
import type { Packet } from "./delivery.ts";

/** An event that is kept without its large state, which is read when a client has missed the event. */
export type Reference =
  /** With the messages of the room up to that one. */
  | { readonly event: Omit<CoreEventOf<"welcomed">, "messages">; readonly upTo: string }
  /** With the entries of the feed up to that one. */
  | { readonly event: Omit<CoreEventOf<"history">, "messages">; readonly upTo: string }
  /** With that message of the room. */
  | { readonly event: Omit<CoreEventOf<"said">, "message">; readonly id: string }
  /** With the members at the time at which it is read: of several rosters of a room the last one is enough. */
  | { readonly event: Omit<CoreEventOf<"roster">, "members"> };

/** A reference looks like an event that no client knows: a node of an older version may deliver it. */
const HEAD = '["@state",';
/** Up to this length, in UTF-16 units, a packet is kept as it is. Each member of a meeting has a message in its outbox, so a long one counts. */
const LARGE = 512;

/**
 * A packet that is kept as a reference if it is large. A roster always is, since the next one takes its place; so is a history with messages,
 * since one that is removed from the feed is looked for in no outbox.
 */
export function keptAs<Kept extends Packet | undefined>(packet: Kept, reference: Reference): Kept {
  if (!packet || packet.text.includes("\n")) return packet; // several events would be one reference
  const { type } = reference.event;
  if ((type === "welcomed" || type === "said") && packet.text.length <= LARGE) return packet;
  const text = `${HEAD}${JSON.stringify(reference)}]`;
  return type === "roster" || text.length < packet.text.length ? { ...packet, reference: text } : packet;
}

/** The reference that is kept in a packet's place; `undefined`: the packet itself is kept. */
export function readReference(packet: string): Reference | undefined {
  return packet.startsWith(HEAD) ? (JSON.parse(packet)[1] as Reference) : undefined;
}
