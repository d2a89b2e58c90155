import type { CoreEventOf, RoomId } from "@switchyard/protocol";
import type { Assignment, PairSeat, QueuedTicket } from "@switchyard/store";
import { networkText } from "../network.ts";

/**
 * The seat of one of the two who are paired.
 * @param isRepeat whether they have met lately
 */
export function seatOf(
  { queue }: Assignment,
  own: QueuedTicket,
  other: QueuedTicket,
  initiator: boolean,
  isRepeat: boolean,
): PairSeat {
  return {
    kind: "pair",
    queue,
    peer: other.session,
    partner: other.ticket.user,
    initiator,
    sharedInterests: sharedInterests(own.ticket.interests, other.ticket.interests),
    isRepeat,
    network: other.ticket.network === undefined ? undefined : networkText(other.ticket.network),
  };
}

/** The event that comes with a seat, or repeats it. */
export function pairedEvent(room: RoomId, seat: PairSeat): CoreEventOf<"paired"> {
  const { partner, queue, initiator, sharedInterests, isRepeat = false } = seat;
  return { type: "paired", room, partner, queue, initiator, sharedInterests, isRepeat };
}

/** Those of one's own interests, in one's own spelling, that the other has too. */
function sharedInterests(own: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others.map((interest) => interest.toLowerCase()));
  return own.filter((interest) => known.has(interest.toLowerCase()));
}
