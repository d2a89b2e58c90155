import type { CallUser } from "@switchyard/client-types/calls";
import { isVisitEvent, reduceVisit, type VisitEvent } from "../../shared/visit.ts";
import { type CallsEvent, type CallsState, type GroupCall, initialState, me } from "./state.ts";

/** The one place where the state of the page changes. Events that come too late for where the person is now change nothing. */
export function reduce(state: CallsState, event: CallsEvent): CallsState {
  if (!isVisitEvent(event)) return reduceOnline(state, event);
  const visiting = reduceVisit(state, event);
  return event.type === "connected" && !event.recovered ? comeAnew(visiting) : visiting;
}

type CallEvent = Extract<
  CallsEvent,
  { type: "call-wanted" | "call-entering" | "call-entered" | "participants" | "calls-changed" | "call-over" }
>;

/** The users online, and the person among them. */
function reduceOnline(state: CallsState, event: Exclude<CallsEvent, VisitEvent>): CallsState {
  switch (event.type) {
    case "named":
      return { ...state, phase: { name: "coming", me: event.me }, notice: null };
    case "came-online": {
      const myself = me(state);
      return myself ? { ...state, phase: { name: "online", me: myself } } : state;
    }
    case "left":
      return initialState;
    case "replaced":
      return replaced(state);
    case "users":
      return { ...state, users: event.users };
    case "user-came":
      return { ...state, users: [...without(state.users, event.user.id), event.user] };
    case "user-went":
      return { ...state, users: without(state.users, event.userId) };
    case "invited":
      return { ...state, invitations: [...uninvited(state, event.invitation.callId), event.invitation] };
    case "invitation-over":
      return { ...state, invitations: uninvited(state, event.callId) };
    default:
      return reduceCall(state, event);
  }
}

function reduceCall(state: CallsState, event: CallEvent): CallsState {
  switch (event.type) {
    case "call-wanted":
      return wanted(state, event.callId, event.isVideo);
    case "call-entering":
      return inCall(state, () => ({ stage: "entering" }));
    case "call-entered":
      return inCall(state, ({ id, participants }) =>
        id === event.callId ? { stage: "in", participants: event.participants } : { participants },
      );
    case "participants":
      return inCall(state, ({ id, participants }) => ({
        participants: id === event.callId ? event.participants : participants,
      }));
    case "calls-changed":
      return inCall(state, () => ({ views: event.views }));
    case "call-over":
      return { ...state, call: null, notice: event.notice ?? state.notice };
  }
}

function wanted(state: CallsState, id: string, isVideo: boolean): CallsState {
  const call: GroupCall = { id, isVideo, stage: "asking", time: 0, participants: [], views: {} };
  return { ...state, call, invitations: uninvited(state, id), notice: null };
}

/** The others have received the person's exit, or will receive a new entry: no connection to them is worth keeping. */
function comeAnew(state: CallsState): CallsState {
  const myself = me(state);
  const anew: CallsState = myself ? { ...state, phase: { name: "coming", me: myself } } : state;
  return inCall(anew, ({ stage, time }) =>
    stage === "asking" ? {} : { stage: "entering", time: time + 1, participants: [], views: {} },
  );
}

function replaced(state: CallsState): CallsState {
  const myself = me(state);
  if (!myself) return state;
  return { ...initialState, link: state.link, phase: { name: "replaced", me: myself } };
}

function without(users: readonly CallUser[], userId: string): CallUser[] {
  return users.filter(({ id }) => id !== userId);
}

function uninvited({ invitations }: CallsState, callId: string) {
  return invitations.filter((invitation) => invitation.callId !== callId);
}

function inCall(state: CallsState, change: (call: GroupCall) => Partial<GroupCall>): CallsState {
  return state.call ? { ...state, call: { ...state.call, ...change(state.call) } } : state;
}
