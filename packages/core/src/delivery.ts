import type { CoreEventType, RoomId, SessionId } from "@switchyard/protocol";
import type { Repeated, StoreErrorCode, Trace } from "@switchyard/store";

/** An event as the clients of a dialect receive it. */
export interface Packet {
  readonly type: CoreEventType;
  readonly text: string;
  /** Kept in the text's place, where the state in it is too large; `undefined`: the text is. */
  readonly reference?: string | undefined;
  /** Of what led to it; `undefined` where no event did. */
  readonly trace: Trace | undefined;
}

/** `repeated`: the session has had the event, or gets it with its place, so that nothing was appended. */
export type Outcome = "delivered" | Repeated | StoreErrorCode;

/** A packet on its way to one session or several, with its outcome for each. */
export interface Delivery {
  /** The method of `Outbox` by which it goes. */
  readonly verb: string;
  readonly packet: Packet;
  readonly sessions: readonly SessionId[];
  readonly outcomes: readonly Outcome[];
  readonly room: RoomId | undefined;
}

/** Receives how many bytes something costs that is done for a client. */
export type Charge = (bytes: number) => void;

/** The bytes of an outbox's entry besides its packet: its trace, the sum of bytes, Redis's own. */
const ENTRY_BYTES = 96;
/** Sent bytes count so much less than kept ones: they are gone at once. */
export const SENT_BYTES_EACH = 32;

/** The cost of a packet for each session that receives it, in bytes: what its outbox keeps, and a part of what is sent. */
export function costOf({ text, reference }: Packet): number {
  const sent = Buffer.byteLength(text);
  const kept = reference === undefined ? sent : Buffer.byteLength(reference);
  const events = text.includes("\n") ? text.split("\n").length : 1;
  return events * ENTRY_BYTES + kept + sent / SENT_BYTES_EACH;
}

/** One command for each session, sent before anything is awaited. */
export interface Append<Answer> {
  readonly verb: Delivery["verb"];
  readonly room?: RoomId | undefined;
  readonly write: (session: SessionId) => Promise<Answer>;
}

/** Notified of every delivery. */
export type DeliveryObserver = (delivery: Delivery) => void;

/** The outcome of a packet, by the store's answer to the step that would append it. */
export function outcomeOf(answer: unknown): Outcome {
  if (typeof answer === "string") return answer as Outcome;
  return isRepetition(answer) ? "repeated" : "delivered";
}

/** Steps that also change a session's place say whether they appended, since a repetition has an answer too. */
function isRepetition(answer: unknown): boolean {
  return typeof answer === "object" && answer !== null && "appended" in answer && answer.appended === false;
}
