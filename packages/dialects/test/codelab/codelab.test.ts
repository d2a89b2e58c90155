import { randomUUID } from "node:crypto";
import { expectNothingMore, startCluster, type TestClient, type TestCluster } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { served } from "../contract/served.ts";
import { patient } from "../patient.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ dialects: served, matchmakers: 0, environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const connect = (node: number) => cluster.connect(node, { namespace: "/codelab" });
const idOf = (client: TestClient) => String(client.socket.id);

/** Two in a room, on two nodes, who have received all that tells them so. */
async function meet(room: string) {
  const [one, two] = await Promise.all([connect(0), connect(1)]);
  one.send("create or join", room);
  expect(await one.receiveAll("created")).toEqual([room, idOf(one)]);
  two.send("create or join", room);
  expect(await two.receiveAll("joined")).toEqual([room, idOf(two)]);
  expect(await one.receiveAll("join")).toEqual([room]);
  for (const client of [one, two]) expect(await client.receiveAll("ready")).toEqual([]);
  return [one, two] as const;
}

test("the first one creates the room, the second one joins it, and both are ready", async () => {
  await expectNothingMore(...(await meet(`room-${randomUUID()}`)));
});

test("a third one is sent `full`, and the two receive nothing", async () => {
  const room = `room-${randomUUID()}`;
  const two = await meet(room);
  const third = await connect(1);
  third.send("create or join", room);
  expect(await third.receiveAll("full")).toEqual([room]);
  expect(await third.request("create or join", room)).toMatchObject({ ok: false, error: { code: "room_full" } });
  expect(await third.request("message", "hi")).toMatchObject({ error: { code: "not_joined" } });
  await expectNothingMore(...two, third);
});

test("a message is any JSON, and goes to the other one unread", async () => {
  const [one, two] = await meet(`room-${randomUUID()}`);
  for (const body of ["got user media", null, 0, [1, "a"], { type: "offer", sdp: "v=0" }]) {
    expect(await one.request("message", body)).toEqual({ ok: true });
    expect(await two.receiveAll("message")).toEqual([body]);
  }
  two.send("message", { type: "answer" });
  expect(await one.receiveAll("message")).toEqual([{ type: "answer" }]);
  await expectNothingMore(one, two);
});

test("`bye` leaves: the other one receives it, and somebody else can join", async () => {
  const room = `room-${randomUUID()}`;
  const [one, two] = await meet(room);
  expect(await one.request("bye")).toEqual({ ok: true });
  expect(await two.receiveAll("bye")).toEqual([]);
  expect(await two.request("message", "hi")).toMatchObject({ error: { code: "user_offline" } });
  one.send("create or join", room);
  expect(await one.receiveAll("joined")).toEqual([room, idOf(one)]);
  expect(await one.receiveAll("ready")).toEqual([]);
  expect(await two.receiveAll("join")).toEqual([room]);
  expect(await two.receiveAll("ready")).toEqual([]);
  await expectNothingMore(one, two);
});
