import { randomUUID } from "node:crypto";
import {
  type Acknowledgement,
  insist,
  pairClients,
  type TcpProxy,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { enterChatroom, newName } from "../chat/accounts.ts";

/** Sends the other one something numbered. */
type Send = (from: TestClient, n: number) => Promise<Acknowledgement>;

/** Two who have met, of whom one's node is to stand still. */
interface Stage {
  readonly old: TestClient;
  readonly bob: TestClient;
  readonly send: Send;
  /** The same user comes again, as a page that was loaded again does, to node 0, and meets the other one. */
  anew(): Promise<{ readonly fresh: TestClient; readonly send: Send }>;
}

/** How two meet, and meet again, in a dialect; the first by way of a node that is to stand still. */
export type SetStage = (cluster: TestCluster, still: TcpProxy) => Promise<Stage>;

const accepted = async (acknowledgement: Promise<Acknowledgement>) => {
  const { ok, error } = await acknowledgement;
  if (!ok) throw new Error(JSON.stringify(error));
};

const match: SetStage = async (cluster, still) => {
  const connect = (to: number | TcpProxy) => cluster.connect(to, { namespace: "/match" });
  const [old, bob] = [await connect(still), await connect(0)];
  const matchId = randomUUID();
  const register = (client: TestClient, userId: string) => accepted(insist(client, "register", { userId, matchId }));
  for (const client of [old, bob]) await register(client, client.user);
  const send: Send = (from, n) => from.request("ice-candidate", { to: bob.user, candidate: { n } });
  const anew = async () => {
    const fresh = await connect(0);
    await register(fresh, old.user);
    return { fresh, send };
  };
  return { old, bob, send, anew };
};

const calls: SetStage = async (cluster, still) => {
  const connect = (to: number | TcpProxy) => cluster.connect(to, { namespace: "/calls" });
  const [old, bob] = [await connect(still), await connect(0)];
  const callId = randomUUID();
  const enter = async (client: TestClient, id: string) => {
    await accepted(insist(client, "user-joined", { id, username: id }));
    await accepted(insist(client, "start-call", { id: callId, initiator: id, participants: [] }));
  };
  for (const client of [old, bob]) await enter(client, client.user);
  const send: Send = (from, n) =>
    from.request("webrtc-ice-candidate", { callId, targetUserId: bob.user, candidate: { n } });
  const anew = async () => {
    const fresh = await connect(0);
    await enter(fresh, old.user);
    return { fresh, send };
  };
  return { old, bob, send, anew };
};

const random: SetStage = async (cluster, still) => {
  const [old, bob] = [await cluster.connect(still), await cluster.connect(0)];
  const sendIn =
    (roomId: string): Send =>
    (from, n) =>
      from.request("ice_candidate", { roomId, candidate: { n } });
  const room = await pairClients(old, bob);
  const rooms = () =>
    bob.received.flatMap(({ name, args }) =>
      name === "partner_found" ? [(args[0] as { roomId: string }).roomId] : [],
    );
  const anew = async () => {
    const fresh = await cluster.connect(0);
    await accepted(insist(fresh, "join", { userId: old.user, type: "chat" }));
    await until("the pair to be over", () => bob.received.some(({ name }) => name === "partner_disconnected"));
    await accepted(insist(bob, "join", { userId: bob.user, type: "chat" }));
    const next = await until("another pair", () => rooms().find((one) => one !== room));
    return { fresh, send: sendIn(next) };
  };
  return { old, bob, send: sendIn(room), anew };
};

const inChat = async (cluster: TestCluster, still: TcpProxy) => {
  const enter = async (to: number | TcpProxy, name: string) =>
    (await enterChatroom(cluster, to, { namespace: "/chat" }, name)).client;
  const names = { old: newName("ann"), bob: newName("bob") };
  const [old, bob] = [await enter(still, names.old), await enter(0, names.bob)];
  return { old, bob, names, enterAgain: () => enter(0, names.old) };
};

const chatCall: SetStage = async (cluster, still) => {
  const { old, bob, names, enterAgain } = await inChat(cluster, still);
  const call = async (client: TestClient) => {
    await accepted(insist(client, "call_user", { to: names.bob, offer: {} }));
    await accepted(insist(bob, "call_answer", { to: names.old, answer: {} }));
  };
  await call(old);
  const send: Send = (from, n) => from.request("ice_candidate", { to: names.bob, candidate: { n } });
  const anew = async () => {
    const fresh = await enterAgain();
    await call(fresh);
    return { fresh, send };
  };
  return { old, bob, send, anew };
};

const chatMessages: SetStage = async (cluster, still) => {
  const { old, bob, enterAgain } = await inChat(cluster, still);
  const send: Send = (from, n) => from.request("send_message", { text: String(n) });
  return { old, bob, send, anew: async () => ({ fresh: await enterAgain(), send }) };
};

/** In `chat` a user may have several connections, and what one of them says counts as long as its node has its lease. */
export const stages = { match, calls, random, chat: chatCall } as const;
export const stagesPastLease = { ...stages, "chat, messages": chatMessages } as const;

/** The numbers that a client received, in their order. */
export function numbersOf({ received }: TestClient): number[] {
  return received.flatMap(({ args }) => {
    const [, n] = /"(?:n|text)":"?(\d+)/.exec(JSON.stringify(args)) ?? [];
    return n === undefined ? [] : [Number(n)];
  });
}
