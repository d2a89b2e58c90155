import type { MessageStream } from "./message-stream.ts";

/** A user as oracles know it. */
export interface Party {
  /** Its number in the run. */
  readonly index: number;
  readonly name: string;
  readonly isConnected: boolean;
  /** When something was last received, in ms. */
  readonly heardAt: number;
}

/** A user in a conversation. */
export interface Member {
  readonly user: Party;
  lastSent: number;
  /** Its messages, by receiver. */
  readonly streams: Map<number, MessageStream>;
  /** It has received itself that it is in the room. */
  isSeated: boolean;
  hasLeft: boolean;
  /** How long it was away when its session was lost, in ms. */
  lostAfterMs: number | undefined;
  /** When others received that it is gone, without a reason that is known. */
  reportedGoneAt: number | undefined;
}

/** Somebody who comes into a conversation; what it has sent there before stays known. */
export function freshMember(user: Party, before: Member | undefined): Member {
  const { lastSent = 0, streams = new Map<number, MessageStream>() } = before ?? {};
  return {
    user,
    lastSent,
    streams,
    isSeated: false,
    hasLeft: false,
    lostAfterMs: undefined,
    reportedGoneAt: undefined,
  };
}
