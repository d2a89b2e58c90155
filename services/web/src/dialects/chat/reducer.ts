import type { ChatLine } from "@switchyard/client-types/chat";
import {
  prepend,
  type ReceivedMessage,
  receive,
  reduceWriting,
  requeue,
  retell,
} from "../../shared/chat/conversation.ts";
import { isVisitEvent, reduceVisit, type VisitEvent } from "../../shared/visit.ts";
import { type ChatEvent, type ChatState, initialState, noActiveCall, ownName, startedCall } from "./state.ts";

const LOST = "Your connection was away for too long, and the call is over.";

/** The one place where the state of the page changes. Events that come too late for where the person is now change nothing. */
export function reduce(state: ChatState, event: ChatEvent): ChatState {
  if (!isVisitEvent(event)) return reduceAccount(state, event);
  const visiting = reduceVisit(state, event);
  if (event.type === "dropped") return { ...visiting, lines: requeue(visiting.lines) };
  return event.type === "connected" && !event.recovered ? endCall(visiting, LOST) : visiting;
}

type RoomEvent = Exclude<ChatEvent, VisitEvent | { type: "logging-in" | "logged-in" | "logged-out" }>;
type CallEvent = Extract<
  ChatEvent,
  { type: "asked-camera" | "rung" | "calling" | "taken" | "answered" | "call-changed" | "call-over" }
>;

function reduceAccount(state: ChatState, event: Exclude<ChatEvent, VisitEvent>): ChatState {
  switch (event.type) {
    case "logging-in":
      return { ...state, phase: { name: "login", busy: true, problem: null } };
    case "logged-in":
      return initialState(event.account);
    case "logged-out":
      return { ...initialState(null), phase: { name: "login", busy: false, problem: event.problem } };
    default:
      return reduceRoom(state, event);
  }
}

/** Messages, and users online. */
function reduceRoom(state: ChatState, event: RoomEvent): ChatState {
  const { lines } = state;
  switch (event.type) {
    case "history":
      return {
        ...state,
        lines: retell(lines, event.messages.map(said(state))),
        earlier: event.messages.length > 0 ? "some" : "none",
      };
    case "said":
      return { ...state, lines: receive(lines, said(state)(event.message)) };
    case "loading-earlier":
      return { ...state, earlier: "loading" };
    case "earlier":
      return {
        ...state,
        lines: prepend(lines, event.messages.map(said(state))),
        earlier: event.hasMore ? "some" : "none",
      };
    case "online":
      return { ...state, online: { names: event.names, total: event.total } };
    case "wrote":
      return { ...state, lines: reduceWriting(lines, event) };
    case "settled":
      return { ...state, notice: event.notice ?? state.notice, lines: reduceWriting(lines, event) };
    default:
      return reduceCall(state, event);
  }
}

function reduceCall(state: ChatState, event: CallEvent): ChatState {
  const { call } = state;
  switch (event.type) {
    case "asked-camera":
      return { ...state, call: { name: "asking", peer: event.peer, goal: event.goal }, notice: null };
    case "rung":
      return rung(state, event.peer);
    case "calling":
      return { ...state, call: startedCall("calling", event.peer, event.key) };
    case "taken":
      return { ...state, call: startedCall("active", event.peer, event.key) };
    case "answered":
      return call.name === "calling" ? { ...state, call: { ...call, name: "active" } } : state;
    case "call-changed":
      return "key" in call && call.key === event.key ? { ...state, call: { ...call, view: event.view } } : state;
    case "call-over":
      return endCall(state, event.notice);
  }
}

/** Someone whom this person is about to call anyway is not asked for twice: the call is taken. */
function rung(state: ChatState, peer: string): ChatState {
  const { call } = state;
  if (call.name === "none") return { ...state, call: { name: "ringing", peer } };
  if (call.name !== "asking" || call.peer !== peer) return state;
  return { ...state, call: { ...call, goal: "accept" } };
}

function endCall(state: ChatState, notice: string | null): ChatState {
  if (state.call.name === "none") return state;
  return { ...state, call: noActiveCall, notice: notice ?? state.notice };
}

function said(state: ChatState): (message: ChatLine) => ReceivedMessage {
  const own = ownName(state);
  return ({ id, username, text, timestamp }) => ({ id, text, timestamp, mine: username === own, author: username });
}
