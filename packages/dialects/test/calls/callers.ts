import { randomUUID } from "node:crypto";
import type { Acknowledgement, ClientOptions, TestClient, TestCluster } from "@switchyard/testkit";

/** A user as clients give it, and as others are told of it. */
export interface User {
  readonly id: string;
  readonly username: string;
  readonly joinedAt: string;
}

export const userOf = ({ user }: TestClient): User => ({
  id: user,
  username: `name of ${user}`,
  joinedAt: "2026-01-02T03:04:05.678Z",
});

export const comeOnline = (client: TestClient, user: object = userOf(client)): Promise<Acknowledgement> =>
  client.request("user-joined", user);

export const newCall = (): string => `call-${randomUUID()}`;

/** Users on two nodes by turns, who have heard of each other. */
export async function online<Count extends number>(cluster: TestCluster, options: ClientOptions, count: Count) {
  const clients: TestClient[] = [];
  for (let i = 0; i < count; i += 1) {
    const client = await cluster.connect(i % 2, options);
    const answer = await comeOnline(client);
    if (!answer.ok) throw new Error(`could not come online: ${JSON.stringify(answer)}`);
    await client.receive("users-list");
    for (const other of clients) await other.receive("user-joined");
    clients.push(client);
  }
  return clients as unknown as Count extends 2
    ? [TestClient, TestClient]
    : Count extends 3
      ? [TestClient, TestClient, TestClient]
      : [TestClient, TestClient, TestClient, TestClient];
}

export const start = (client: TestClient, id: string, ...invited: readonly unknown[]): Promise<Acknowledgement> =>
  client.request("start-call", { id, initiator: client.user, participants: invited, isVideo: true });

/** Users in one call, who have heard of each other. */
export async function inCall<Count extends number>(
  cluster: TestCluster,
  options: ClientOptions,
  count: Count,
  callId = newCall(),
) {
  const clients = await online(cluster, options, count);
  await joinAll(clients, callId);
  return { clients, callId };
}

export async function joinAll(clients: readonly TestClient[], callId: string): Promise<void> {
  for (const [i, client] of clients.entries()) {
    const answer = i === 0 ? await start(client, callId) : await client.request("join-call", { callId });
    if (!answer.ok) throw new Error(`could not join: ${JSON.stringify(answer)}`);
    await client.receive(i === 0 ? "call-started" : "call-participants");
    for (const other of clients.slice(0, i)) await other.receive("user-joined-call");
  }
}

export const participants = (...clients: readonly TestClient[]) => clients.map(userOf);
