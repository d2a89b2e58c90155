export { Announcer, NamesAnnouncer, PopulationAnnouncer } from "./announcer.ts";
export { carryOutAssignment } from "./assignment.ts";
export { auditRoom } from "./auditing.ts";
export { endCall, type Invitation, invite, sendCallStep, sendSignalToPeer } from "./calling.ts";
export { CHATROOM, enterChatroom, loadMessages, sendChatroomMessage } from "./chatroom.ts";
export {
  type Cluster,
  type Context,
  clusterWithTrace,
  type NamedRooms,
  type OnlineRules,
  withTrace,
} from "./context.ts";
export { answerCall, callUser, sendCandidate } from "./dialing.ts";
export { detach, disconnect, endSession, forgetSession } from "./end-session.ts";
export { enter } from "./entering.ts";
export { type FeedEvent, readFeedEvent } from "./feed-event.ts";
export { hangUp } from "./hanging-up.ts";
export { leaveRoom } from "./leaving.ts";
export { memberOf, sendMeetingMessage, setFlag } from "./meeting.ts";
export { comeOnline } from "./online.ts";
export { block, sendMessage, sendSignal, sendTyping, whereabouts } from "./pair-actions.ts";
export { type PairingRequest, writePairingRequest } from "./pairing-request.ts";
export { type Bearer, Participant } from "./participant.ts";
export { finishRecovery } from "./recovery.ts";
export { undoReservation } from "./reservation-undo.ts";
export type { EntryRequest } from "./seating.ts";
export { endDueSessions, reconcileIndex, type Sweep, sweep } from "./sweeping.ts";
export { finishEvictions, goOffline } from "./takeover.ts";
export { join, next, stopWaiting } from "./waiting.ts";
export type { Address, Wire } from "./wire.ts";
