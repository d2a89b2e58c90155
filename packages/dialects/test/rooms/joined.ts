import { randomUUID } from "node:crypto";
import type { Acknowledgement, ClientOptions, TestClient, TestCluster } from "@switchyard/testkit";

/** A participant as clients are told of it. */
export interface Participant {
  readonly id: string;
  readonly userName: string;
  readonly name: string;
  readonly avatar: null;
  readonly joinedAt: string;
  readonly isAdmin: boolean;
  readonly isAudioMuted: boolean;
  readonly isAudioEnabled: boolean;
  readonly isVideoOff: boolean;
  readonly isVideoEnabled: boolean;
  readonly isScreenSharing: boolean;
}

/** A participant's id as a sender's, as clients receive it. */
export const sentBy = (client: TestClient) => ({ senderId: idOf(client), senderSocketId: idOf(client) });

export interface Joined {
  readonly roomId: string;
  readonly participantId: string;
  readonly participant: Participant;
  readonly participants: Participant[];
  readonly messages: Record<string, unknown>[];
}

/** The id of a room that nobody else is in. */
export const newRoom = (): string => `room-${randomUUID()}`;

export const joinRoom = (
  client: TestClient,
  roomId: string,
  userName: string = client.user,
): Promise<Acknowledgement> => client.request("join-room", { roomId, userName });

/** Lets clients join a room one after another; each has heard of all others. Returns what the last one was told. */
export async function meetIn(roomId: string, ...clients: readonly TestClient[]): Promise<Joined> {
  let joined: Joined | undefined;
  for (const [i, client] of clients.entries()) {
    const answer = await joinRoom(client, roomId);
    if (!answer.ok) throw new Error(`could not join: ${JSON.stringify(answer)}`);
    joined = await client.receive<Joined>("joined-room");
    await client.receive("participants-updated");
    for (const other of clients.slice(0, i)) {
      await other.receive("user-joined");
      await other.receive("participants-updated");
    }
  }
  return joined as Joined;
}

/** Some in one room, on two nodes in turn, who have heard of each other. */
export async function roomOf(count: number, cluster: TestCluster, options: ClientOptions) {
  const clients = await Promise.all(Array.from({ length: count }, (_, i) => cluster.connect(i % 2, options)));
  const roomId = newRoom();
  const { participants } = await meetIn(roomId, ...clients);
  const [ann, bob] = clients as [TestClient, TestClient];
  return { roomId, clients, participants, ann, bob, others: clients.slice(1) };
}

export const idOf = ({ socket }: TestClient): string => String(socket.id);
