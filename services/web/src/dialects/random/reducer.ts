import { noCall } from "../../shared/call/call-keeper.ts";
import { finish, receive, reduceWriting, requeue } from "../../shared/chat/conversation.ts";
import { isVisitEvent, reduceVisit, type VisitEvent } from "../../shared/visit.ts";
import { currentRoom, type PartnerFound, type Phase, type RandomEvent, type RandomState, type Room } from "./state.ts";

const LOST = "Your connection was away for too long and the conversation is over. Looking for someone new.";

const unknownWait: Phase = { name: "waiting", position: null, estimatedWaitMs: null };

/** The one place where the state of the page changes. Events that come too late for where the person is now change nothing. */
export function reduce(state: RandomState, event: RandomEvent): RandomState {
  if (isVisitEvent(event)) return reduceStay(state, event);
  switch (event.type) {
    case "user_count_update":
      return { ...state, count: event.count };
    case "error":
      return event.error.type === "replaced" ? replaced(state) : { ...state, notice: event.text };
    case "armed-next":
      return { ...state, nextArmed: event.armed };
    default:
      return reduceConversation(state, event);
  }
}

/** The events of every dialect's visit, and their effect in this one. */
function reduceStay(state: RandomState, event: VisitEvent): RandomState {
  const staying = reduceVisit(state, event);
  switch (event.type) {
    case "connected":
      return connected(staying, event.recovered);
    case "dropped":
      return inRoom(staying, (room) => ({ lines: requeue(room.lines) }));
    default:
      return staying;
  }
}

type ConversationEvent = Exclude<RandomEvent, VisitEvent | { type: "user_count_update" | "error" | "armed-next" }>;

function reduceConversation(state: RandomState, event: ConversationEvent): RandomState {
  switch (event.type) {
    case "wrote":
      return inRoom(state, ({ lines }) => ({ lines: reduceWriting(lines, event) }));
    case "settled":
      return inRoom({ ...state, notice: event.notice ?? state.notice }, ({ lines }) => ({
        lines: reduceWriting(lines, event),
      }));
    case "new_message": {
      const mine = event.message.sender === state.userId;
      return inRoom(state, ({ lines, partnerTyping }) => ({
        lines: receive(lines, { ...event.message, mine }),
        partnerTyping: mine && partnerTyping,
      }));
    }
    case "user_typing":
      return inRoom(state, () => ({ partnerTyping: event.isTyping }));
    case "call-changed":
      return currentRoom(state)?.id === event.roomId ? { ...state, call: event.call } : state;
    default:
      return reduceWay(state, event);
  }
}

type WayEvent = Exclude<
  ConversationEvent,
  { type: "wrote" | "settled" | "new_message" | "user_typing" | "call-changed" }
>;

/** The way from the start over waiting into a room and out of it. */
function reduceWay(state: RandomState, event: WayEvent): RandomState {
  const { phase } = state;
  switch (event.type) {
    case "chosen":
      return event.choice.type === "video"
        ? { ...enter(state, { name: "camera" }), choice: event.choice }
        : { ...enter(state, unknownWait), choice: event.choice };
    case "camera-answered":
      return phase.name === "camera" ? enter(state, unknownWait) : state;
    case "joined":
      return { ...state, joined: true };
    case "waiting_for_partner":
      return phase.name === "waiting" ? { ...state, phase: { ...event, name: "waiting" } } : state;
    case "partner_found":
      return found(state, event.found);
    case "partner_disconnected":
      return ended(state, "partner-left");
    case "blocked":
      return ended(state, "blocked");
    case "reported":
      return state.reportable === event.roomId ? { ...state, reportable: null } : state;
    case "asked-next":
      return enter(state, unknownWait);
    case "left":
      return { ...enter(state, { name: "start" }), notice: event.notice };
  }
}

function connected(state: RandomState, recovered: boolean): RandomState {
  if (recovered) return state;
  const anew = { ...state, joined: false, reportable: null }; // another session, which met nobody
  return state.phase.name === "room" ? { ...enter(anew, unknownWait), notice: LOST } : anew;
}

function found(state: RandomState, partner: PartnerFound): RandomState {
  const known = currentRoom(state)?.id === partner.roomId;
  if (known || (state.phase.name !== "waiting" && state.phase.name !== "room")) return state;
  const { roomId: id, type, initiator, sharedInterests } = partner;
  return enter(
    { ...state, reportable: id },
    {
      name: "room",
      room: { id, type, initiator, sharedInterests: sharedInterests ?? [], lines: [], partnerTyping: false },
    },
  );
}

function ended(state: RandomState, why: "partner-left" | "blocked"): RandomState {
  const room = currentRoom(state);
  if (!room) return state;
  const over = { ...room, lines: finish(room.lines), partnerTyping: false };
  return enter(state, { name: "ended", room: over, why });
}

function replaced(state: RandomState): RandomState {
  return { ...enter(state, { name: "replaced" }), joined: false, reportable: null };
}

function enter(state: RandomState, phase: Phase): RandomState {
  const link = { ...state.link, partnerNode: null };
  return { ...state, phase, link, call: noCall, notice: null, nextArmed: false };
}

function inRoom(state: RandomState, change: (room: Room) => Partial<Room>): RandomState {
  const { phase } = state;
  if (phase.name !== "room") return state;
  return { ...state, phase: { name: "room", room: { ...phase.room, ...change(phase.room) } } };
}
