import { TokenIssuer } from "@switchyard/auth";
import { keys } from "@switchyard/store";
import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { CreatedRoom } from "../../src/http/schemas.ts";
import { patient } from "../patient.ts";

const HOUR_MS = 3_600_000;
const JWT_SECRET = "a secret that these tests alone know";
const APP = "https://app.example";
/** The node that asks for tokens, and lets pages of one origin read its answers. */
const STRICT = 2;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, ROOM_LINGER_MS: 600_000, JWT_SECRET } });
  await cluster.start("signaling", { TOKEN_MODE: "required", CORS_ORIGIN: APP });
  return cluster.stop;
});

const post = (init: RequestInit = {}, node = 0) =>
  fetch(`${cluster.node(node).url}/api/create-room`, { method: "POST", ...init });
async function createRoom(node = 0): Promise<string> {
  return ((await (await post({}, node)).json()) as { roomId: string }).roomId;
}
async function room(roomId: string, node = 0): Promise<[number, unknown]> {
  const response = await fetch(`${cluster.node(node).url}/api/room/${roomId}`);
  return [response.status, await response.json()];
}
const metaOf = (roomId: string) => keys.roomMeta(`rooms:${roomId}`);

test.each<[string, RequestInit]>([
  ["no type", {}],
  ["a JSON type", { headers: { "content-type": "application/json" } }],
  ["a JSON type with a charset", { headers: { "content-type": "application/json; charset=utf-8" }, body: "" }],
  ["a JSON object", { headers: { "content-type": "application/json" }, body: "{}" }],
  ["the type of a form, and none", { headers: { "content-type": "application/x-www-form-urlencoded" }, body: "" }],
])("with %s: a room that every node knows, with nobody in it", async (_, init) => {
  const response = await post(init);
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("no-store");
  const body: unknown = await response.json();
  const { roomId } = CreatedRoom.parse(body);
  expect(body).toEqual({ roomId, message: "Room created successfully" });
  expect(roomId).toMatch(/^[0-9A-Z]{8}$/);
  for (const node of [0, 1, STRICT]) {
    expect(await room(roomId, node)).toEqual([200, { roomId, participantCount: 0, createdAt: expect.any(String) }]);
  }
});

test("it is kept for an hour unless somebody enters it, and then until everyone has left, as any other", async () => {
  const roomId = await createRoom();
  const lifetimeMs = await cluster.redis.pttl(metaOf(roomId));
  expect(lifetimeMs).toBeGreaterThan(HOUR_MS / 2);
  expect(lifetimeMs).toBeLessThanOrEqual(HOUR_MS);
  const before = await room(roomId);
  const ann = await cluster.connect(1, { namespace: "/" });
  expect(await ann.request("join-room", { roomId, userName: "Ann" })).toEqual({ ok: true });
  expect(await ann.receive("joined-room")).toMatchObject({ roomId, participants: [{ isAdmin: true }], messages: [] });
  expect(await cluster.redis.pttl(metaOf(roomId))).toBe(-1);
  expect(await room(roomId)).toEqual([200, { ...(before[1] as object), participantCount: 1 }]);
  expect(await ann.request("leave-room")).toEqual({ ok: true });
  expect(await room(roomId)).toEqual(before);
  expect(await cluster.redis.pttl(metaOf(roomId))).toBeLessThanOrEqual(600_000);
  await cluster.redis.pexpire(metaOf(roomId), 1);
  await expect.poll(() => room(roomId)).toEqual([404, { error: "Room not found", code: "room_not_found" }]);
  ann.leave();
});

test("many at once are many rooms", async () => {
  const ids = await Promise.all(Array.from({ length: 200 }, (_, i) => createRoom(i % 2)));
  expect(new Set(ids).size).toBe(200);
});

test("it is no open meeting until somebody enters it", async () => {
  const figures = async () => {
    const body = (await (await fetch(`${cluster.node(0).url}/stats`)).json()) as { dialects: { rooms: object } };
    return body.dialects.rooms;
  };
  await expect.poll(figures).toMatchObject({ rooms: 0, connected: 0 });
  await createRoom();
  expect(await figures()).toMatchObject({ rooms: 0, connected: 0 });
});

test("where tokens are asked for anybody may create one, and that gives no right to enter it", async () => {
  const [own, created] = await Promise.all([createRoom(STRICT), createRoom(STRICT)]);
  const issuer = new TokenIssuer(JWT_SECRET, 3600);
  const token = issuer.issue({ sub: "ann", dialect: "rooms", room: own });
  const ann = await cluster.connect(STRICT, { namespace: "/rooms", auth: { token } });
  const answer = await ann.request("join-room", { roomId: created, userName: "Ann" });
  expect(answer.error?.code).toBe("unauthorized");
  expect(await room(created)).toMatchObject([200, { participantCount: 0 }]);
  ann.leave();
});

test("a page of an origin that is named may create one, and read the answer", async () => {
  const asked = { "access-control-request-method": "POST", "access-control-request-headers": "content-type" };
  const preflight = await post({ method: "OPTIONS", headers: { origin: APP, ...asked } }, STRICT);
  expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([204, APP]);
  expect(preflight.headers.get("access-control-allow-headers")).toBe("content-type");
  const response = await post({ headers: { origin: APP, "content-type": "application/json" } }, STRICT);
  expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([200, APP]);
});
