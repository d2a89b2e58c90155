import type { SessionId, UserId } from "@switchyard/protocol";

/** A pairing request in a queue. Preferences are soft; `blocked` is for good. */
export interface Ticket {
  readonly user: UserId;
  /** When the wish was first uttered, Unix time in ms. */
  readonly since: number;
  readonly interests: readonly string[];
  readonly language: string | undefined;
  readonly region: string | undefined;
  readonly avoid: readonly UserId[];
  readonly blocked: readonly UserId[];
  readonly recent: readonly UserId[];
  /** The id of the trace of the event that asked for it; older versions wrote none. */
  readonly trace?: string | undefined;
  /** The cohort that the token of its connection names; `undefined`: none. Nobody is paired with a ticket of another one. */
  readonly cohort?: string | undefined;
  /** The network of the address that it was requested from, as bans name networks; `undefined` where that is not known. */
  readonly network?: string | undefined;
}

/**
 * The version of a ticket: its number, the session's epoch, and whether the session is connected. A pairing is valid
 * only for unchanged stamps.
 */
export interface Stamp {
  readonly number: number;
  readonly epoch: number;
  readonly connected: boolean;
}

/** A ticket in a queue; `place` orders them. */
export interface QueuedTicket {
  readonly session: SessionId;
  readonly sequence: number;
  readonly stamp: Stamp;
  readonly ticket: Ticket;
}

/** `<number> <epoch> <1 if connected>`, as the scripts compare it. */
export function writeStamp({ number, epoch, connected }: Stamp): string {
  return `${number} ${epoch} ${connected ? 1 : 0}`;
}

export function isSameStamp(one: Stamp, two: Stamp): boolean {
  return one.number === two.number && one.epoch === two.epoch && one.connected === two.connected;
}

export function readStamp(text: string): Stamp {
  const [number, epoch, connected] = text.split(" ");
  return { number: Number(number), epoch: Number(epoch), connected: connected === "1" };
}

/** A change of a queue, as its channel tells it. Revisions count by one: a jump means that something was missed. */
export type QueueChange = { readonly revision: number } & (
  | { readonly kind: "put"; readonly queued: QueuedTicket }
  | { readonly kind: "stamp"; readonly session: SessionId; readonly stamp: Stamp }
  | { readonly kind: "drop"; readonly sessions: readonly SessionId[] }
  | ({ readonly kind: "shadows" } & ShadowChange)
);

/** A change of a queue's shadow pool: the subjects that come into it, and those that are out of it, behind `here:` or `everywhere:`, as the queue's bans have it. */
export interface ShadowChange {
  /** Whether those that come in are all there are. */
  readonly isWhole: boolean;
  readonly put: readonly string[];
  readonly dropped: readonly string[];
}

/** The fields of a queue's bans that put somebody into the shadow pool begin with it. */
export const SHADOW = "shadow-";

/** Reads a message of a queue's channel (written by the queue's scripts). */
export function readQueueChange(text: string): QueueChange {
  const [revision, kind, ...rest] = JSON.parse(text) as [number, string, ...unknown[]];
  if (kind === "drop") return { revision, kind, sessions: rest as string[] };
  if (kind === "stamp") {
    const [session, stamp] = rest as [string, string];
    return { revision, kind, session, stamp: readStamp(stamp) };
  }
  if (kind === "shadows" || kind === "all-shadows") {
    const fields = Object.values(rest[0] as Record<number, string>); // Lua knows no empty array
    return { revision, kind: "shadows", ...readShadows(fields, kind === "all-shadows") };
  }
  if (kind !== "put") throw new TypeError(`a queue's channel told of a "${kind}"`);
  const [session, sequence, stamp, ticket] = rest as [string, number, string, string];
  return { revision, kind, queued: { session, sequence, stamp: readStamp(stamp), ticket: JSON.parse(ticket) } };
}

/** Reads the shadows of a list of fields and ends of bans; others are left out. */
export function readShadows(list: readonly string[], isWhole: boolean): ShadowChange {
  const entries = list.flatMap((field, i) => (i % 2 === 0 ? [{ field, over: list[i + 1] ?? "" }] : []));
  const shadows = entries.flatMap(({ field, over }) =>
    field.startsWith(SHADOW) ? [{ subject: field.slice(SHADOW.length), isOut: over === "" }] : [],
  );
  const subjects = (isOut: boolean) => shadows.flatMap((one) => (one.isOut === isOut ? [one.subject] : []));
  return { isWhole, put: subjects(false), dropped: subjects(true) };
}
