import { type Context, endCall, enter, type Participant, sendCallStep, sendSignalToPeer } from "@switchyard/core";
import { type CallStep, type Json, RequestError, type RoomId, roomNamed, type SignalKind } from "@switchyard/protocol";
import { type Command, command, type DialectUsing } from "../dialect.ts";
import { isNewcomer } from "../payload.ts";
import { acks, clientEvents, serverEvents } from "./events.ts";
import { features, render } from "./render.ts";

/** The old server dropped silently what was for somebody who isn't there; an acknowledgement says so. */
const silentIfOffline = { silent: ["user_offline"] } as const;

const commands: Record<keyof typeof clientEvents, Command> = {
  register: command(
    "costly",
    clientEvents.register,
    async (context, participant, { userId, matchId }) => {
      participant.authorize(userId, matchId);
      const opening = JSON.stringify({ userId, matchId });
      await enter(context, participant, { room: roomNamed("match", matchId), user: userId, profile: {}, opening });
    },
    { silent: ["replaced"], makesNew: isNewcomer }, // the event that tells it comes anyway
  ),
  "initiate-call": command(
    "costly",
    clientEvents["initiate-call"],
    (context, participant, { to }) => step(context, participant, to, "ring"),
    { refusedIfMuted: true },
  ),
  "accept-call": command(
    "costly",
    clientEvents["accept-call"],
    (context, participant, { to }) => step(context, participant, to, "accept"),
    silentIfOffline,
  ),
  "reject-call": command(
    "costly",
    clientEvents["reject-call"],
    (context, participant, { to, reason }) => step(context, participant, to, "reject", reason ?? undefined),
    silentIfOffline,
  ),
  offer: command("signal", clientEvents.offer, (context, participant, { to, offer }) =>
    signal(context, participant, to, "offer", offer),
  ),
  answer: command(
    "signal",
    clientEvents.answer,
    (context, participant, { to, answer }) => signal(context, participant, to, "answer", answer),
    silentIfOffline,
  ),
  "ice-candidate": command(
    "signal",
    clientEvents["ice-candidate"],
    (context, participant, { to, candidate }) => signal(context, participant, to, "candidate", candidate),
    silentIfOffline,
  ),
  "end-call": command("free", clientEvents["end-call"], (context, participant) =>
    endCall(context, participant, matchOf(participant)),
  ),
};

/** Two people who know their match: 1:1 video calls. */
export const match: DialectUsing<typeof features> = {
  name: "match",
  title: "1:1 calls in a known match",
  handshake: "Opens with `register`.",
  clientEvents,
  serverEvents,
  acks,
  features,
  opening: ["register"],
  queues: [],
  rooms: () => ({
    kind: "match",
    dialect: "match",
    capacity: 2,
    lingerMs: 0,
    historyLimit: 0,
    messagesKept: 0,
    oneAtATime: true,
    fullCode: "match_full",
  }),
  online: undefined,
  connected: undefined,
  commands: new Map(Object.entries(commands)),
  render,
};

function step(context: Context, participant: Participant, to: string, which: CallStep, reason?: string): Promise<void> {
  return sendCallStep(context, participant, matchOf(participant), to, which, reason);
}

/**
 * @param to a missing one is somebody who is not there
 * @throws RequestError `not_joined`, `user_offline`
 */
function signal(
  context: Context,
  participant: Participant,
  to: string | null | undefined,
  kind: SignalKind,
  body: Json,
): Promise<void> {
  const room = matchOf(participant);
  if (to === null || to === undefined) throw new RequestError("user_offline");
  return sendSignalToPeer(context, participant, room, { user: to }, kind, body);
}

/** @throws RequestError `not_joined` */
function matchOf({ rooms: [room] }: Participant): RoomId {
  if (room === undefined) throw new RequestError("not_joined");
  return room;
}
