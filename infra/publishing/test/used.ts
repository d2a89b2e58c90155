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
import { Meeting, useConnection, useMatch, useRandom, useSignaling, VideoCall } from "@switchyard/react";
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
  // @ts-expect-error somebody is called
  const wrong = <VideoCall matchId="m" userId="ada" />;
  const right = <VideoCall matchId="m" userId="ada" otherUserId="bob" otherUserName="Bob" onEndCall={({ endedBy }) => endedBy} />;
  return <p title={partner?.roomId}>{peer?.toUpperCase()} {participants.join()} {meeting.status} {wrong} {right} <Meeting roomId="r" userName="Ada" /></p>;
}
`;

/** A page that mounts a call and unmounts it, under StrictMode. */
export const mountedPage = `
import { VideoCall } from "@switchyard/react";
import "@switchyard/react/styles.css";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

function App() {
  const [count, setCount] = useState(1);
  const call = { matchId: "mounted", userId: "ada", otherUserId: "bob", otherUserName: "Bob" };
  return (
    <main>
      <h1>Mounted</h1>
      <button onClick={() => setCount(count + 1)}>Mount anew</button>
      <button onClick={() => setCount(0)}>Unmount</button>
      {count > 0 && <VideoCall key={count} {...call} url={import.meta.env.VITE_SERVER_URL} />}
    </main>
  );
}

createRoot(document.getElementById("root")!).render(<StrictMode><App /></StrictMode>);
`;
