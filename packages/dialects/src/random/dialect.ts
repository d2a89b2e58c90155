import {
  block,
  type Context,
  join,
  leavePair,
  next,
  type PairingWish,
  type Participant,
  reportPartner,
  sendMessage,
  sendSignal,
  sendTyping,
  stopWaiting,
  whereabouts,
} from "@switchyard/core";
import { type Command, command, type DialectUsing } from "../dialect.ts";
import { isLong, isNewcomer, reportGroundsOf } from "../payload.ts";
import { acks, clientEvents, type Join, type NamedRoom, queueTypes, serverEvents } from "./events.ts";
import { features, render } from "./render.ts";

/** The event that tells it comes anyway. */
const silentIfReplaced = { silent: ["replaced"] } as const;
/** Those who meet are remembered, and so are blocks and reports. */
const outlasts = { outlasts: true } as const;
const unlessMuted = { refusedIfMuted: true } as const;
const opening = {
  ...silentIfReplaced,
  ...outlasts,
  makesNew: isNewcomer,
  recoversAs: ({ userId }: { readonly userId: string }) => userId,
};

const commands: Record<keyof typeof clientEvents, Command> = {
  join: command("costly", clientEvents.join, joinQueue, opening),
  join_video_queue: command(
    "costly",
    clientEvents.join_video_queue,
    (context, participant, { userId }) => joinQueue(context, participant, { userId, type: "video" }),
    opening,
  ),
  send_message: command(
    "costly",
    clientEvents.send_message,
    async (context, participant, { roomId, message }) => {
      const { id, at } = await sendMessage(context, participant, participant.pairRoom(roomId), message);
      return { id, timestamp: new Date(at).toISOString() };
    },
    { ...unlessMuted, makesNew: (_, { message }) => isLong(message) },
  ),
  typing: command(
    "free",
    clientEvents.typing,
    (context, participant, { roomId, isTyping }) =>
      sendTyping(context, participant, participant.pairRoom(roomId), isTyping),
    { ...unlessMuted, silent: ["muted"] },
  ),
  offer: command("signal", clientEvents.offer, (context, participant, { roomId, offer }) =>
    sendSignal(context, participant, participant.pairRoom(roomId), "offer", offer),
  ),
  answer: command("signal", clientEvents.answer, (context, participant, { roomId, answer }) =>
    sendSignal(context, participant, participant.pairRoom(roomId), "answer", answer),
  ),
  ice_candidate: command("signal", clientEvents.ice_candidate, (context, participant, { roomId, candidate }) =>
    sendSignal(context, participant, participant.pairRoom(roomId), "candidate", candidate),
  ),
  leave_room: command("free", clientEvents.leave_room, leaveRoom),
  leave_video: command("free", clientEvents.leave_video, leaveRoom),
  block_user: command(
    "free",
    clientEvents.block_user,
    (context, participant, content) => block(context, participant, participant.pairRoom(content?.roomId)),
    outlasts,
  ),
  report_user: command(
    "costly",
    clientEvents.report_user,
    async (context, participant, content) => {
      const room = content?.roomId ?? undefined;
      return { reportId: await reportPartner(context, participant, room, reportGroundsOf(content ?? {})) };
    },
    { ...outlasts, makesNew: () => true },
  ),
  next: command("costly", clientEvents.next, next, { ...silentIfReplaced, ...outlasts }),
  next_partner: command("costly", clientEvents.next_partner, next, { ...silentIfReplaced, ...outlasts }),
  leave_queue: command("free", clientEvents.leave_queue, stopWaiting),
  where: command("free", clientEvents.where, whereabouts),
};

/** Anonymous partner, text or video. */
export const random: DialectUsing<typeof features> = {
  name: "random",
  title: "An anonymous partner, text or video",
  handshake:
    "Opens with `join` or `join_video_queue`. With `auth: { echo: true }` a client receives its own messages, too.",
  clientEvents,
  serverEvents,
  acks,
  features,
  opening: ["join", "join_video_queue"],
  queues: queueTypes,
  rooms: undefined,
  online: undefined,
  connected: undefined,
  commands: new Map(Object.entries(commands)),
  render,
};

function joinQueue(context: Context, participant: Participant, content: Join): Promise<void> {
  participant.authorize(content.userId);
  return join(context, participant, requestOf(content));
}

function leaveRoom(context: Context, participant: Participant, content: NamedRoom): Promise<void> {
  return leavePair(context, participant, participant.pairRoom(content?.roomId));
}

/** A language or region that is empty was not given. */
function requestOf({ userId, type: queue, preferences }: Join): PairingWish {
  return {
    user: userId,
    queue,
    interests: preferences?.interests ?? [],
    language: preferences?.language?.toLowerCase() || undefined,
    region: preferences?.region?.toLowerCase() || undefined,
    avoid: preferences?.avoid ?? [],
  };
}
