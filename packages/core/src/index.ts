export {
  type AccountAction,
  type Attribution,
  accountActions,
  accountId,
  auditAccountAction,
  changePassword,
  InvalidAttributionError,
  registerAccount,
  removeAccount,
  revokeTokens,
  setPassword,
  sweepAccounts,
} from "./accounts/account-changes.ts";
export { type AccountExport, exportAccount } from "./accounts/export.ts";
export { Announcer, intervalOfLists } from "./announcer.ts";
export {
  callSteps,
  connectionRequests,
  endCall,
  type Invitation,
  invitations,
  invite,
  relay,
  relayToPeer,
  requestConnection,
  roomSignals,
  sendCallStep,
  sendSignalToPeer,
} from "./calls/calling.ts";
export { answerCall, callUser, sendCandidate } from "./calls/dialing.ts";
export { calls, hangUp } from "./calls/hanging-up.ts";
export { CHATROOM, chatroom, enterChatroom, loadMessages, sendChatroomMessage } from "./chatroom/chatroom.ts";
export { CoalescedTurns } from "./coalesced-turns.ts";
export {
  type Bearer,
  type Cluster,
  type Context,
  clusterWithTrace,
  type Feature,
  type FeedList,
  type Held,
  type NamedRooms,
  type OnlineRules,
  type PlaceEventType,
  releaseHoldings,
  withTrace,
} from "./context.ts";
export { type Charge, type Delivery, type DeliveryObserver, type Packet, SENT_BYTES_EACH } from "./delivery.ts";
export { finishEvictions } from "./identity/takeover.ts";
export { BanList, type BanSubject, banError, isInForce, isOn } from "./moderation/ban-list.ts";
export { type BanRequest, ban, MAX_REASON_LENGTH, UnusableBanError, unban } from "./moderation/banning.ts";
export { removeMessage, sweepRemovals } from "./moderation/removing.ts";
export { type ReportGrounds, reportChatter, reportMember, reportPartner } from "./moderation/reporting.ts";
export { resolveReport, sweepReports, UnusableActionError } from "./moderation/reviewing.ts";
export { spreadBans, sweepBans } from "./moderation/spreading.ts";
export { networkOf, networkText } from "./network.ts";
export { NoticeConflictError, type NoticeOutcome, type NoticeRequest, notify, sweepNotices } from "./notices/notify.ts";
export { MAX_NOTICE_BYTES, MAX_NOTICE_BYTES_FOR_ALL, NOTICE_ID, NOTICE_NAME } from "./notices/usable-notice.ts";
export { Outbox } from "./outbox.ts";
export { carryOutAssignment } from "./pairing/assignment.ts";
export { leavePair } from "./pairing/ending.ts";
export { block, sendMessage, sendSignal, sendTyping, whereabouts } from "./pairing/pair-actions.ts";
export { pairing } from "./pairing/pairing.ts";
export { type PairingRequest, type PairingWish, writePairingRequest } from "./pairing/pairing-request.ts";
export { undoReservation } from "./pairing/reservation-undo.ts";
export { announceWait, join, next, stopWaiting } from "./pairing/waiting.ts";
export { type LeaseTerm, Participant } from "./participant.ts";
export { type FeedEvent, readFeedEvent } from "./presence/feed-event.ts";
export { comeOnline, goOffline, presence } from "./presence/online.ts";
export { population } from "./presence/population.ts";
export type { PeerName } from "./rooms/addressing.ts";
export { auditRoom } from "./rooms/audit.ts";
export { createRoom } from "./rooms/creating.ts";
export { enter } from "./rooms/entering.ts";
export { leaveRoom } from "./rooms/leaving.ts";
export { meeting, memberOf, sendMeetingMessage, setFlag } from "./rooms/meeting.ts";
export { rooms } from "./rooms/rooms.ts";
export type { EntryRequest } from "./rooms/seating.ts";
export { detach, disconnect, endSession, forgetSession } from "./session/end-session.ts";
export { withMissedState } from "./session/missed.ts";
export { finishRecovery } from "./session/recovery.ts";
export { endDueSessions, reconcileIndex, type Sweep, sweep, UNSAID_NOTICE_MS } from "./session/sweeping.ts";
