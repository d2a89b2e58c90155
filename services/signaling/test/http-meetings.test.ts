import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { Room } from "../src/http/schemas.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ROOM_LINGER_MS: 3000 } });
  return cluster.stop;
});

const newRoom = () => `meeting ü/${crypto.randomUUID()}`;
async function join(node: number, roomId: string): Promise<TestClient> {
  const client = await cluster.connect(node, { namespace: "/rooms" });
  expect(await client.ask("join-room", { roomId, userName: "Ann" })).toMatchObject({ ok: true });
  return client;
}
async function room(roomId: string, node = 0): Promise<[number, Record<string, unknown>]> {
  const response = await fetch(`${cluster.node(node).url}/api/room/${encodeURIComponent(roomId)}`);
  return [response.status, (await response.json()) as Record<string, unknown>];
}
const notFound = [404, { error: "Room not found", code: "room_not_found" }];

test("a meeting is told of by every node, until it is gone", async () => {
  const roomId = newRoom();
  expect(await room(roomId)).toEqual(notFound);
  const from = Date.now();
  const ann = await join(0, roomId);
  const bob = await join(1, roomId);
  for (const node of [0, 1]) {
    const [status, body] = await room(roomId, node);
    expect([status, Room.parse(body)]).toEqual([200, { roomId, participantCount: 2, createdAt: expect.any(String) }]);
    expect(Math.abs(Date.parse(String(body["createdAt"])) - from)).toBeLessThan(5000);
  }
  bob.leave();
  await until("one to be left", async () => (await room(roomId))[1]["participantCount"] === 1);
  ann.leave();
  await until("nobody to be left", async () => (await room(roomId))[1]["participantCount"] === 0);
  await until("the meeting to be gone", async () => (await room(roomId))[0] === 404);
  expect(await room(roomId)).toEqual(notFound);
});

test("the sums of /health count the people in meetings", async () => {
  const rooms = [newRoom(), newRoom()];
  const clients = await Promise.all([0, 0, 1].map((which, i) => join(i % 2, rooms[which] ?? "")));
  const sums = async () => {
    const body = await (await fetch(`${cluster.node(1).url}/health`)).json();
    return (body as { stats: Record<string, number> }).stats;
  };
  await until("the other test's meeting to be gone", async () => (await sums())["activeRooms"] === 2);
  expect(await sums()).toMatchObject({ activeRooms: 2, totalParticipants: 3, connectedUsers: 3, totalConnections: 3 });
  for (const client of clients) client.leave();
});

test.each(["x".repeat(128), "%", "a/b", "{}", "rooms:x", "😀".repeat(64)])("%s names a meeting", async (name) => {
  const roomId = name.slice(0, 128);
  const client = await join(0, roomId);
  expect(await room(roomId)).toMatchObject([200, { roomId, participantCount: 1 }]);
  client.leave();
});

test.each(["x".repeat(129), "\u0000", "x".repeat(300)])("what is no name of a meeting names none", async (name) => {
  expect(await room(name)).toEqual(notFound);
});

test("other dialects' rooms are no meetings", async () => {
  const matchId = newRoom();
  const client = await cluster.connect(0, { namespace: "/match" });
  await client.ask("register", { userId: "ann", matchId });
  for (const name of [matchId, `match:${matchId}`]) expect(await room(name)).toEqual(notFound);
});
