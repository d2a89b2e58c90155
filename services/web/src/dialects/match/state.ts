import type { CallState } from "@switchyard/client/call";
import { noCall } from "../../shared/call/call-keeper.ts";
import { newVisit, type Visit, type VisitEvent } from "../../shared/visit.ts";

export interface Place {
  matchId: string;
  userId: string;
}

/**
 * The call with the other one. `asking`: waiting for the own camera, then the call is made or accepted; `calling`: it rings there;
 * `ringing`: it rings here.
 */
export type Call =
  | { name: "none" }
  | { name: "asking"; goal: "call" | "accept" }
  | { name: "calling" }
  | { name: "ringing" }
  | { name: "active"; key: string; initiator: boolean; view: CallState };

/** `asking`: the server has not answered yet; `full`: two others are in the match. */
type Seat = "asking" | "full" | "taken";

type Phase =
  | { name: "start" }
  | { name: "match"; place: Place; seat: Seat; other: string | null; call: Call }
  | { name: "replaced"; place: Place };

export type InMatch = Extract<Phase, { name: "match" }>;

export interface MatchState extends Visit {
  phase: Phase;
}

export type MatchEvent =
  | VisitEvent
  | { type: "entered"; place: Place }
  | { type: "left" }
  | { type: "full" }
  | { type: "joined"; other: string | null }
  | { type: "other-joined"; userId: string }
  | { type: "other-left"; userId: string }
  | { type: "asked-camera"; goal: "call" | "accept" }
  | { type: "calling" }
  | { type: "rung" }
  | { type: "call-started"; key: string; initiator: boolean }
  | { type: "call-changed"; key: string; view: CallState }
  | { type: "call-over"; notice: string | null }
  | { type: "replaced" };

export const initialState: MatchState = { ...newVisit, phase: { name: "start" } };

export const noActiveCall: Call = { name: "none" };

export function startedCall(key: string, initiator: boolean): Call {
  return { name: "active", key, initiator, view: noCall };
}

/** The match that the person is in or wants to be in, if any. */
export function currentMatch({ phase }: MatchState): InMatch | null {
  return phase.name === "match" ? phase : null;
}

export function currentCall(state: MatchState): Call {
  return currentMatch(state)?.call ?? noActiveCall;
}
