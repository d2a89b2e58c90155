export { Announcer, Names, Population } from "./announcer.ts";
export { auditRoom } from "./auditing.ts";
export { endCall, type Invitation, invite, signalPeer, takeStep } from "./calling.ts";
export { attend, CHATROOM, loadMessages, sayToAll } from "./chatroom.ts";
export { type Cluster, type Context, clusterTracedBy, type NamedRooms, type OnlineRules, tracedBy } from "./context.ts";
export { answerCall, callUser, sendCandidate } from "./dialing.ts";
export { enter } from "./entering.ts";
export { detach, finalize, forget, sayGoodbye } from "./farewell.ts";
export { type FeedEvent, readFeedEvent } from "./feed-event.ts";
export { hangUp } from "./hanging-up.ts";
export { leaveRoom } from "./leaving.ts";
export { memberOf, sayInMeeting, setFlag } from "./meeting.ts";
export { comeOnline } from "./online.ts";
export { type Bearer, Participant } from "./participant.ts";
export { catchUp } from "./recovery.ts";
export { queueAgain } from "./requeue.ts";
export { settle } from "./settling.ts";
export type { Entry } from "./sitting.ts";
export { disown, finalizeDue, type Sweep, sweep } from "./sweeping.ts";
export { finishEvictions, goOffline } from "./takeover.ts";
export { block, say, signal, type, whereabouts } from "./talking.ts";

export { join, next, stopWaiting } from "./waiting.ts";

export type { Address, Wire } from "./wire.ts";
export { type Wish, writeWish } from "./wish.ts";
