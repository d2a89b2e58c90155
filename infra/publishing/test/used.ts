/** Code of somebody who uses the client: what is wrong in it, the compiler has to refuse. */
export const usedClient = `
import { CommandError, connect, type ErrorCode } from "@switchyard/client";
import { match } from "@switchyard/client/match";
import { random } from "@switchyard/client/random";

export async function use() {
  const connection = connect("", { dialect: match, userId: "ada", matchId: "m", token: async () => "token" });
  connection.on("joined", ({ participants }) => participants.map((name) => name.toUpperCase()));
  const code: ErrorCode = "match_full";
  await connection.send("initiate-call", { to: "bob" }).catch((error) => error instanceof CommandError && error.code === code);
  // @ts-expect-error there is no such command
  await connection.send("join-room", { roomId: "r" });
  // @ts-expect-error it has no such field
  connection.on("incoming-call", ({ to }) => to);
  // @ts-expect-error a match has an id
  connect("", { dialect: match, userId: "ada" });
  // @ts-expect-error there is no such queue
  connect("", { dialect: random, userId: "ada", type: "smoke" });
  const { timestamp } = await connect("", { dialect: random, userId: "ada" }).send("send_message", { message: "hi" });
  return timestamp.toUpperCase();
}
`;

/** The same of the hooks. */
export const usedReact = `
import { useConnection, useMatch, useRandom, useSignaling } from "@switchyard/react";
import { rooms } from "@switchyard/client/rooms";

export function Page() {
  const { call, peer, connection } = useMatch({ userId: "ada", matchId: "m", token: async () => "token" });
  connection?.on("incoming-call", ({ from }) => from.toUpperCase());
  const { sendMessage, partner } = useRandom({ userId: "ada", type: "video", preferences: { interests: ["chess"] } });
  const { participants } = useSignaling({ userId: "ada", matchId: "m" }, { onOffer: (offer, from) => [offer.sdp, from] });
  const meeting = useConnection({ dialect: rooms, roomId: "r", userName: "Ada" });
  meeting.connection?.on("joined-room", ({ messages }) => messages.length);
  // @ts-expect-error a match has an id
  useMatch({ userId: "ada" });
  // @ts-expect-error a message is a text
  sendMessage(17);
  // @ts-expect-error a meeting has an id
  useConnection({ dialect: rooms, userName: "Ada" });
  // @ts-expect-error there is no such state
  if (call === "busy") return null;
  return <p title={partner?.roomId}>{peer?.toUpperCase()} {participants.join()} {meeting.status}</p>;
}
`;
