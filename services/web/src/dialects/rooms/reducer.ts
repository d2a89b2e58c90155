import type { Participant, RoomMessage } from "@switchyard/client-types/rooms";
import { type ReceivedMessage, receive, reduceWriting, requeue, retell } from "../../shared/chat/conversation.ts";
import { isVisitEvent, reduceVisit, type VisitEvent } from "../../shared/visit.ts";
import type { Meeting, Place, RoomsEvent, RoomsState, Welcome } from "./state.ts";

/** The one place where the state of the page changes. Events that come too late for where the person is now change nothing. */
export function reduce(state: RoomsState, event: RoomsEvent): RoomsState {
  if (!isVisitEvent(event)) return reduceMeeting(state, event);
  const visiting = reduceVisit(state, event);
  if (event.type === "dropped") return inMeeting(visiting, ({ lines }) => ({ lines: requeue(lines) }));
  return event.type === "connected" && !event.recovered ? inMeeting(visiting, comeAnew) : visiting;
}

function reduceMeeting(state: RoomsState, event: Exclude<RoomsEvent, VisitEvent>): RoomsState {
  switch (event.type) {
    case "wanted":
      return { ...state, meeting: wanted(event.place), notice: null };
    case "entering":
      return inMeeting(state, () => ({ stage: "entering" }));
    case "welcomed":
      return inMeeting(state, (meeting) => welcomed(meeting, event.welcome));
    case "left":
      return { ...state, meeting: null, notice: event.notice };
    case "participant-came":
      return inMeeting(state, ({ participants }) => ({
        participants: [...without(participants, event.participant.id), event.participant],
      }));
    case "participant-went":
      return inMeeting(state, ({ participants }) => ({ participants: without(participants, event.participantId) }));
    case "participants":
      return inMeeting(state, () => ({ participants: event.participants }));
    case "calls-changed":
      return inMeeting(state, () => ({ views: event.views }));
    case "said":
      return inMeeting(state, ({ lines, ownIds }) => ({ lines: receive(lines, saidBy(event.message, ownIds)) }));
    case "wrote":
      return inMeeting(state, ({ lines }) => ({ lines: reduceWriting(lines, event) }));
    case "settled":
      return inMeeting({ ...state, notice: event.notice ?? state.notice }, ({ lines }) => ({
        lines: reduceWriting(lines, event),
      }));
  }
}

function wanted(place: Place): Meeting {
  return { place, stage: "asking", participantId: null, ownIds: [], participants: [], views: {}, lines: [] };
}

/** The others hear of a new participant: no connection to them is worth keeping. */
function comeAnew({ stage }: Meeting): Partial<Meeting> {
  return stage === "asking" ? {} : { stage: "entering", participantId: null, participants: [], views: {} };
}

/** Being welcomed again, as the same participant, changes nothing but what there is to know. */
function welcomed({ participantId: former, ownIds, lines }: Meeting, welcome: Welcome): Partial<Meeting> {
  const { participantId, participants, messages } = welcome;
  if (former === participantId) {
    const said = messages.map((message) => saidBy(message, ownIds));
    return { participants, lines: said.reduce(receive, lines) };
  }
  const own = [...ownIds, participantId];
  const history = messages.map((message) => saidBy(message, own));
  return { stage: "in", participantId, ownIds: own, participants, lines: retell(lines, history) };
}

function saidBy(
  { id, senderId, userName, message, timestamp }: RoomMessage,
  ownIds: readonly string[],
): ReceivedMessage {
  return { id, text: message, timestamp, mine: ownIds.includes(senderId), author: userName };
}

function without(participants: readonly Participant[], participantId: string): Participant[] {
  return participants.filter(({ id }) => id !== participantId);
}

function inMeeting(state: RoomsState, change: (meeting: Meeting) => Partial<Meeting>): RoomsState {
  return state.meeting ? { ...state, meeting: { ...state.meeting, ...change(state.meeting) } } : state;
}
