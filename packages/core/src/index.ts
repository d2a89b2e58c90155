export { endCall, type Invitation, invite, sendCallStep, sendSignalToPeer } from "./calls/calling.ts";
export { answerCall, callUser, sendCandidate } from "./calls/dialing.ts";
export { hangUp } from "./calls/hanging-up.ts";
export { CHATROOM, enterChatroom, loadMessages, sendChatroomMessage } from "./chatroom/chatroom.ts";
export {
  type Cluster,
  type Context,
  clusterWithTrace,
  type NamedRooms,
  type OnlineRules,
  withTrace,
} from "./context.ts";
export { finishEvictions, goOffline } from "./identity/takeover.ts";
export { type Delivery, type DeliveryObserver, Outbox, type Packet } from "./outbox.ts";
export { carryOutAssignment } from "./pairing/assignment.ts";
export { block, sendMessage, sendSignal, sendTyping, whereabouts } from "./pairing/pair-actions.ts";
export { type PairingRequest, writePairingRequest } from "./pairing/pairing-request.ts";
export { undoReservation } from "./pairing/reservation-undo.ts";
export { join, next, stopWaiting } from "./pairing/waiting.ts";
export { type Bearer, Participant } from "./participant.ts";
export { Announcer, NamesAnnouncer, PopulationAnnouncer } from "./presence/announcer.ts";
export { type FeedEvent, readFeedEvent } from "./presence/feed-event.ts";
export { comeOnline } from "./presence/online.ts";
export { enter } from "./rooms/entering.ts";
export { leaveRoom } from "./rooms/leaving.ts";
export { memberOf, sendMeetingMessage, setFlag } from "./rooms/meeting.ts";
export type { EntryRequest } from "./rooms/seating.ts";
export { auditRoom } from "./session/auditing.ts";
export { detach, disconnect, endSession, forgetSession } from "./session/end-session.ts";
export { finishRecovery } from "./session/recovery.ts";
export { endDueSessions, reconcileIndex, type Sweep, sweep } from "./session/sweeping.ts";
