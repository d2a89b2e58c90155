import type { Context, Participant } from "@switchyard/core";
import type { RoomId, SessionId } from "@switchyard/protocol";

/** A numbered signal of a page to everyone else in its room. A page's numbers grow, across its sessions. */
interface Signal {
  readonly page: string;
  readonly n: number;
}

export interface SignalRequest {
  readonly kind: "signal";
  readonly room: RoomId;
  readonly signal: Signal;
  /** Which sessions were reached. */
  readonly acknowledge: (sessions: readonly SessionId[]) => void;
}

/** A signal as it arrives. */
export interface ReceivedSignal extends Signal {
  readonly room: RoomId;
  readonly user: string;
  /** The change by which its sender came, in a room that clients name; 0 in a pair. */
  readonly entry: number;
}

/** Sends it by the route that the node knows, at most once to each: a retry would take time, of which there is none here. */
export async function sendSignalOnce(
  { outbox, store, render }: Context,
  participant: Participant,
  { room, signal, acknowledge }: SignalRequest,
): Promise<void> {
  const from = participant.requireUser();
  const { session, entry = 0 } = participant.senderIn(room);
  const peers = participant.memberIn(room)
    ? ((await store.memberships.roster(room))?.members ?? []).map((member) => member.session)
    : [participant.pairIn(room).peer];
  const body = { ...signal, room, user: from, entry };
  const packet = render({ type: "signal", room, from, kind: "offer", body });
  const to = peers.filter((peer) => peer !== session);
  const missed = await outbox.deliverToEach(to, room, participant.senderIn(room), packet);
  acknowledge(to.filter((peer) => !missed.includes(peer)));
}
