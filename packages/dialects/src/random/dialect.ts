import {
  block,
  join,
  leavePair,
  next,
  type PairingRequest,
  sendMessage,
  sendSignal,
  sendTyping,
  stopWaiting,
  whereabouts,
} from "@switchyard/core";
import { type Command, command, type DialectUsing } from "../dialect.ts";
import { acks, clientEvents, type Join, queueTypes, serverEvents } from "./events.ts";
import { features, render } from "./render.ts";

/** The event that tells it comes anyway. */
const silentIfReplaced = { silent: ["replaced"] } as const;

const commands: Record<keyof typeof clientEvents, Command> = {
  join: command(
    "costly",
    clientEvents.join,
    (context, participant, content) => {
      participant.authorize(content.userId);
      return join(context, participant, requestOf(content));
    },
    silentIfReplaced,
  ),
  send_message: command("costly", clientEvents.send_message, async (context, participant, { roomId, message }) => ({
    id: await sendMessage(context, participant, roomId, message),
  })),
  typing: command("free", clientEvents.typing, (context, participant, { roomId, isTyping }) =>
    sendTyping(context, participant, roomId, isTyping),
  ),
  offer: command("signal", clientEvents.offer, (context, participant, { roomId, offer }) =>
    sendSignal(context, participant, roomId, "offer", offer),
  ),
  answer: command("signal", clientEvents.answer, (context, participant, { roomId, answer }) =>
    sendSignal(context, participant, roomId, "answer", answer),
  ),
  ice_candidate: command("signal", clientEvents.ice_candidate, (context, participant, { roomId, candidate }) =>
    sendSignal(context, participant, roomId, "candidate", candidate),
  ),
  leave_room: command("free", clientEvents.leave_room, (context, participant, { roomId }) => {
    participant.pairIn(roomId);
    return leavePair(context, participant, roomId);
  }),
  block_user: command("free", clientEvents.block_user, (context, participant, { roomId }) =>
    block(context, participant, roomId),
  ),
  next: command("costly", clientEvents.next, next, silentIfReplaced),
  leave_queue: command("free", clientEvents.leave_queue, stopWaiting),
  where: command("free", clientEvents.where, whereabouts),
};

/** Anonymous partner, text or video. */
export const random: DialectUsing<typeof features> = {
  name: "random",
  title: "An anonymous partner, text or video",
  handshake: "Opens with `join`.",
  clientEvents,
  serverEvents,
  acks,
  features,
  opening: "join",
  queues: queueTypes,
  rooms: undefined,
  online: undefined,
  connected: undefined,
  commands: new Map(Object.entries(commands)),
  render,
};

/** A language or region that is empty was not given. */
function requestOf({ userId, type: queue, preferences }: Join): PairingRequest {
  return {
    user: userId,
    queue,
    interests: preferences?.interests ?? [],
    language: preferences?.language?.toLowerCase() || undefined,
    region: preferences?.region?.toLowerCase() || undefined,
    avoid: preferences?.avoid ?? [],
  };
}
