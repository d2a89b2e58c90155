import { enter, leaveRoom, type Participant, relayToPeer } from "@switchyard/core";
import { RequestError, type RoomId, roomNamed } from "@switchyard/protocol";
import { type Command, command, type DialectUsing } from "../../src/dialect.ts";
import { acks, clientEvents, serverEvents } from "./events.ts";
import { features, render } from "./render.ts";

const commands: Record<keyof typeof clientEvents, Command> = {
  "create or join": command("costly", clientEvents["create or join"], async (context, participant, name) => {
    if (participant.bearer) participant.authorize(participant.bearer.user, name);
    const user: string = participant.session; // a participant is a connection
    const opening = JSON.stringify({ room: name });
    await enter(context, participant, { room: roomNamed("codelab", name), user, profile: {}, opening });
  }),
  message: command(
    "signal",
    clientEvents.message,
    (context, participant, body) => relayToPeer(context, participant, roomOf(participant), "other", body),
    { refusedIfMuted: true },
  ),
  bye: command("free", clientEvents.bye, (context, participant) =>
    leaveRoom(context, participant, roomOf(participant)),
  ),
};

/** The protocol of Google's WebRTC codelab: two in a room, who send each other whatever they like. */
export const codelab: DialectUsing<typeof features> = {
  name: "codelab",
  title: "Two in a room, as in Google's WebRTC codelab",
  handshake: "Opens with `create or join`.",
  clientEvents,
  serverEvents,
  acks,
  features,
  opening: ["create or join"],
  queues: [],
  rooms: () => ({
    kind: "match",
    dialect: "codelab",
    capacity: 2,
    lingerMs: 0,
    historyLimit: 0,
    messagesKept: 0,
    oneAtATime: true,
    fullCode: "room_full",
  }),
  online: undefined,
  connected: undefined,
  commands: new Map(Object.entries(commands)),
  render,
};

/** @throws RequestError `not_joined` before it is in a room */
function roomOf(participant: Participant): RoomId {
  const [room] = participant.rooms;
  if (room === undefined) throw new RequestError("not_joined");
  return room;
}
