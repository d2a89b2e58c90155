import { isDeepStrictEqual } from "node:util";
import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { Room } from "../../src/http/schemas.ts";
import { patient } from "../patient.ts";

/** The node that keeps a meeting which everyone has left for a short while only. */
const FORGETFUL = 2;
/** By how much the clocks of two processes may differ where one stood still as it looked at the other's. */
const CLOCKS_MS = 10_000;
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, ROOM_LINGER_MS: 600_000 } });
  await cluster.start("signaling", { ROOM_LINGER_MS: 200 });
  return cluster.stop;
});

const newRoom = () => `meeting ü/${crypto.randomUUID()}`;
async function join(node: number, roomId: string): Promise<TestClient> {
  const client = await cluster.connect(node, { namespace: "/rooms" });
  expect(await client.request("join-room", { roomId, userName: "Ann" })).toMatchObject({ ok: true });
  return client;
}
async function room(roomId: string, node = 0): Promise<[number, Record<string, unknown>]> {
  const response = await fetch(`${cluster.node(node).url}/api/room/${encodeURIComponent(roomId)}`);
  return [response.status, (await response.json()) as Record<string, unknown>];
}
const notFound = [404, { error: "Room not found", code: "room_not_found" }];

test("a meeting is told of by every node, also when everyone has left it", async () => {
  const roomId = newRoom();
  expect(await room(roomId)).toEqual(notFound);
  const from = Date.now();
  const ann = await join(0, roomId);
  const bob = await join(1, roomId);
  for (const node of [0, 1]) {
    const [status, body] = await room(roomId, node);
    expect([status, Room.parse(body)]).toEqual([200, { roomId, participantCount: 2, createdAt: expect.any(String) }]);
    expect(Math.abs(Date.parse(String(body["createdAt"])) - from)).toBeLessThan(CLOCKS_MS);
  }
  bob.leave();
  await until("one to be left", async () => (await room(roomId))[1]["participantCount"] === 1);
  ann.leave();
  await until("nobody to be left", async () => (await room(roomId))[1]["participantCount"] === 0);
});

test("a meeting that everyone has left is gone some time later, for every node", async () => {
  const roomId = newRoom();
  const ann = await join(FORGETFUL, roomId);
  expect(await room(roomId)).toMatchObject([200, { participantCount: 1 }]);
  ann.leave();
  for (const node of [0, 1]) {
    await until("the meeting to be gone", async () => (await room(roomId, node))[0] === 404);
    expect(await room(roomId, node)).toEqual(notFound);
  }
});

test("the sums of /health count the people in meetings", async () => {
  const rooms = [newRoom(), newRoom()];
  const clients = await Promise.all([0, 0, 1].map((which, i) => join(i % 2, rooms[which] ?? "")));
  const sums = async () => {
    const body = await (await fetch(`${cluster.node(1).url}/health`)).json();
    return (body as { stats: Record<string, number> }).stats;
  };
  const right = { activeMatches: 0, connectedUsers: 3, totalConnections: 3, activeRooms: 2, activeCalls: 0 };
  await until("those of other tests to be gone", async () =>
    isDeepStrictEqual(await sums(), { ...right, totalParticipants: 3 }),
  );
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
  await client.request("register", { userId: "ann", matchId });
  for (const name of [matchId, `match:${matchId}`]) expect(await room(name)).toEqual(notFound);
});
