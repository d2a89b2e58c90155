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
