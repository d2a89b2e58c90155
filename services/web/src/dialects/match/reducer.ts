import { noLink } from "../../shared/connection/link.ts";
import { isVisitEvent, reduceVisit, type VisitEvent } from "../../shared/visit.ts";
import {
  type Call,
  type InMatch,
  type MatchEvent,
  type MatchState,
  noActiveCall,
  type Place,
  startedCall,
} from "./state.ts";

const LOST = "Your connection was away for too long, and the call is over.";
const GONE = "The other one has left.";

/** The one place where the state of the page changes. Events that come too late for where the person is now change nothing. */
export function reduce(state: MatchState, event: MatchEvent): MatchState {
  if (!isVisitEvent(event)) return reduceMatch(state, event);
  const visiting = reduceVisit(state, event);
  return event.type === "connected" && !event.recovered ? comeAnew(visiting) : visiting;
}

type CallEvent = Exclude<
  MatchEvent,
  VisitEvent | { type: "entered" | "left" | "full" | "joined" | "other-joined" | "other-left" | "replaced" }
>;

/** The way into the match and out of it, and the other participant. */
function reduceMatch(state: MatchState, event: Exclude<MatchEvent, VisitEvent>): MatchState {
  switch (event.type) {
    case "entered":
      return { ...state, phase: seatless(event.place), notice: null };
    case "left":
      return { ...state, phase: { name: "start" }, link: noLink };
    case "full":
      return inMatch(state, () => ({ seat: "full", other: null, call: noActiveCall }));
    case "joined":
      return inMatch(state, ({ other, call }) => ({
        seat: "taken",
        other: event.other,
        call: other === event.other ? call : noActiveCall,
      }));
    case "other-joined":
      return inMatch(endCall(state, null), () => ({ other: event.userId }));
    case "other-left":
      return otherLeft(state, event.userId);
    case "replaced":
      return state.phase.name === "match"
        ? { ...state, phase: { name: "replaced", place: state.phase.place }, notice: null }
        : state;
    default:
      return reduceCall(state, event);
  }
}

function reduceCall(state: MatchState, event: CallEvent): MatchState {
  switch (event.type) {
    case "asked-camera":
      return {
        ...inMatch(state, () => ({ call: { name: "asking", goal: event.goal } })),
        notice: null,
      };
    case "calling":
      return inMatch(state, () => ({ call: { name: "calling" } }));
    case "rung":
      return rung(state);
    case "call-started":
      return inMatch(state, () => ({ call: startedCall(event.key, event.initiator) }));
    case "call-changed":
      return inMatch(state, ({ call }) =>
        call.name === "active" && call.key === event.key ? { call: { ...call, view: event.view } } : {},
      );
    case "call-over":
      return endCall(state, event.notice);
  }
}

/** Someone whom this person is about to call anyway is not asked for twice: the call is accepted. */
function rung(state: MatchState): MatchState {
  return inMatch(state, ({ call }): { call?: Call } => {
    if (call.name === "none") return { call: { name: "ringing" } };
    return call.name === "asking" ? { call: { name: "asking", goal: "accept" } } : {};
  });
}

function comeAnew(state: MatchState): MatchState {
  const { phase } = state;
  if (phase.name !== "match") return state;
  const notice = phase.call.name === "none" ? state.notice : LOST;
  return { ...state, phase: seatless(phase.place), notice };
}

function otherLeft(state: MatchState, userId: string): MatchState {
  const { phase } = state;
  if (phase.name !== "match" || phase.other !== userId) return state;
  const notice = phase.call.name === "none" ? state.notice : GONE;
  return inMatch(endCall(state, notice), () => ({ other: null }));
}

function endCall(state: MatchState, notice: string | null): MatchState {
  const { phase } = state;
  if (phase.name !== "match" || phase.call.name === "none") return state;
  return { ...state, phase: { ...phase, call: noActiveCall }, notice: notice ?? state.notice };
}

function seatless(place: Place): InMatch {
  return { name: "match", place, seat: "asking", other: null, call: noActiveCall };
}

function inMatch(state: MatchState, change: (match: InMatch) => Partial<InMatch>): MatchState {
  const { phase } = state;
  return phase.name === "match" ? { ...state, phase: { ...phase, ...change(phase) } } : state;
}
