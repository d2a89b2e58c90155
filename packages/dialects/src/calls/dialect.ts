import {
  type Context,
  comeOnline,
  enter,
  invite,
  leaveRoom,
  type Participant,
  reportMember,
  sendSignalToPeer,
} from "@switchyard/core";
import {
  type ErrorCode,
  type Json,
  type Profile,
  RequestError,
  type RoomId,
  roomNamed,
  type SignalKind,
} from "@switchyard/protocol";
import { type Command, command, type DialectUsing, type WireEvent } from "../dialect.ts";
import { isNewcomer, reportGroundsOf, shownName } from "../payload.ts";
import { acks, type CallUser, type CallUserOrId, clientEvents, type StartCall, serverEvents } from "./events.ts";
import { features, render } from "./render.ts";

/** How many comings and goings, and how many bytes of them, are kept for those who were away. */
const ENTRIES_KEPT = 10_000;
const ENTRY_BYTES_KEPT = 16_777_216;

/** Old clients wait for this event about a call that isn't there, or in which they are not. */
const notFound = (code: ErrorCode, { callId }: { readonly callId: string }): readonly WireEvent[] =>
  code === "call_not_found" ? [["call-not-found", { callId }]] : [];

/** The old server confirmed every `leave-call`, also of a call that had ended. */
const notFoundAndLeft = (code: ErrorCode, { callId }: { readonly callId: string }): readonly WireEvent[] =>
  code === "call_not_found"
    ? [
        ["call-not-found", { callId }],
        ["call-left", { callId }],
      ]
    : [];

const commands: Record<keyof typeof clientEvents, Command> = {
  "user-joined": command(
    "costly",
    clientEvents["user-joined"],
    (context, participant, user) => {
      participant.authorize(user.id);
      return comeOnline(context, participant, user.id, profileOf(user, participant));
    },
    { silent: ["replaced"], makesNew: isNewcomer, recoversAs: ({ id }) => id }, // the event that tells it comes anyway
  ),
  "start-call": command("costly", clientEvents["start-call"], start, {
    refusedIfMuted: true,
    makesNew: (participant, { id }) => !isIn(participant, id),
  }),
  "join-call": command(
    "costly",
    clientEvents["join-call"],
    async (context, participant, { callId }) => {
      await join(context, participant, callId, true);
    },
    { besides: notFound, makesNew: (participant, { callId }) => !isIn(participant, callId) },
  ),
  "leave-call": command(
    "free",
    clientEvents["leave-call"],
    (context, participant, { callId }) => {
      const room = callOf(participant, callId);
      return leaveRoom(context, participant, room, { type: "departed", room });
    },
    { besides: notFoundAndLeft },
  ),
  report_user: command(
    "costly",
    clientEvents.report_user,
    async (context, participant, content) => {
      const { callId, targetUserId: user } = content;
      participant.authorize(participant.requireUser(), callId);
      const reported = { room: roomNamed("calls", callId), peer: { user }, nameOf };
      return { reportId: await reportMember(context, participant, reported, reportGroundsOf(content)) };
    },
    { besides: notFound, outlasts: true, makesNew: () => true },
  ),
  "webrtc-offer": command(
    "signal",
    clientEvents["webrtc-offer"],
    (context, participant, { offer, ...to }) => signal(context, participant, to, "offer", offer),
    { besides: notFound },
  ),
  "webrtc-answer": command(
    "signal",
    clientEvents["webrtc-answer"],
    (context, participant, { answer, ...to }) => signal(context, participant, to, "answer", answer),
    { besides: notFound },
  ),
  "webrtc-ice-candidate": command(
    "signal",
    clientEvents["webrtc-ice-candidate"],
    (context, participant, { candidate, ...to }) => signal(context, participant, to, "candidate", candidate),
    { besides: notFound },
  ),
};

/** Users that are online, and group calls among them. */
export const calls: DialectUsing<typeof features> = {
  name: "calls",
  title: "Online users and group calls",
  handshake: "Opens with `user-joined`.",
  clientEvents,
  serverEvents,
  acks,
  features,
  opening: ["user-joined"],
  queues: [],
  rooms: ({ callParticipants }) => ({
    kind: "call",
    dialect: "calls",
    capacity: callParticipants,
    lingerMs: 0,
    historyLimit: 0,
    messagesKept: 0,
    oneAtATime: false,
    fullCode: "room_full",
  }),
  online: ({ peopleListed }) => ({
    listed: peopleListed,
    historyLimit: 0,
    feed: { entriesKept: ENTRIES_KEPT, bytesKept: ENTRY_BYTES_KEPT, retentionMs: undefined },
  }),
  connected: undefined,
  commands: new Map(Object.entries(commands)),
  render,
};

async function start(context: Context, participant: Participant, call: StartCall): Promise<void> {
  const user = participant.requireUser();
  const { opened } = await join(context, participant, call.id, false);
  if (!opened) return;
  const initiator = typeof call.initiator === "object" && call.initiator !== null ? ownProfile(participant) : user;
  const invited = call.participants.map(idOf).filter((id) => id !== user);
  await invite(context, participant, invited, {
    room: roomNamed("calls", call.id),
    initiator,
    isVideo: call.isVideo ?? false,
  });
}

function join(context: Context, participant: Participant, callId: string, existing: boolean) {
  const user = participant.requireUser();
  participant.authorize(user, callId);
  return enter(context, participant, {
    room: roomNamed("calls", callId),
    user,
    profile: ownProfile(participant),
    existing,
  });
}

function signal(
  context: Context,
  participant: Participant,
  { callId, targetUserId }: { readonly callId: string; readonly targetUserId: string },
  kind: SignalKind,
  body: Json,
): Promise<void> {
  return sendSignalToPeer(context, participant, callOf(participant, callId), { user: targetUserId }, kind, body);
}

/** @throws RequestError `not_joined` before it is online; `call_not_found` if it isn't in that call */
function callOf(participant: Participant, callId: string): RoomId {
  participant.requireUser();
  const room = roomNamed("calls", callId);
  if (!isIn(participant, callId)) throw new RequestError("call_not_found");
  return room;
}

function isIn(participant: Participant, callId: string): boolean {
  return participant.memberIn(roomNamed("calls", callId)) !== undefined;
}

/** A user as sent to others. A user that is online already has not joined now, even if its client says so. */
function profileOf({ id, username: given, joinedAt }: CallUser, participant: Participant): Profile {
  const username = shownName(participant, given);
  const known = ownProfile(participant);
  if (known["id"] === id && known["username"] === username) return known;
  return joinedAt === undefined ? { id, username } : { id, username, joinedAt };
}

/** The profile that the participant gave when it came online. */
function ownProfile({ opening }: Participant): Profile {
  return JSON.parse(opening ?? "{}");
}

function nameOf(profile: Profile): string {
  return String(profile["username"]);
}

function idOf(user: CallUserOrId): string {
  return typeof user === "string" ? user : user.id;
}
