import { randomBytes, randomUUID } from "node:crypto";
import { roomNamed } from "@switchyard/protocol";
import { keys } from "@switchyard/store";
import { pairClients, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { tokenFor } from "../admission/tokens.ts";
import { patient } from "../patient.ts";

const JWT_SECRET = randomBytes(32).toString("hex");

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: { ...patient, JWT_SECRET }, examined: false });
  return cluster.stop;
});

/** How many messages there have been, as each node reports it. */
async function messagesIn(dialect: string): Promise<number[]> {
  const answers = cluster.nodes.map(async ({ url }) => {
    const { dialects } = (await (await fetch(`${url}/stats`)).json()) as {
      dialects: Record<string, { messages: number }>;
    };
    return dialects[dialect]?.messages ?? Number.NaN;
  });
  return Promise.all(answers);
}

test("who is connected at / and has not joined is a connection, at every node and until it leaves", async () => {
  const figures = async ({ url }: { readonly url: string }) => {
    const ask = async (path: string) => (await fetch(url + path)).json() as Promise<Record<string, unknown>>;
    const [{ stats }, { totalSockets }] = await Promise.all([ask("/health"), ask("/api/stats")]);
    const { connectedUsers, totalConnections } = stats as Record<string, number>;
    return [connectedUsers, totalConnections, totalSockets];
  };
  const delivered = async (...wanted: number[]) =>
    until(`it to be ${wanted}`, async () =>
      (await Promise.all(cluster.nodes.map(figures))).every((figure) => String(figure) === String(wanted)),
    );
  await delivered(0, 0, 0);
  const idle = await Promise.all([0, 1, 1].map((node) => cluster.connect(node, { namespace: "/" })));
  await delivered(0, 3, 3);
  await idle[0]?.join({ type: "chat" });
  await delivered(1, 3, 3);
  for (const client of idle) client.leave();
  await delivered(0, 0, 0);
});

test("what was said in the chatroom is counted", async () => {
  expect(await messagesIn("chat")).toEqual([0, 0]);
  const speakers = [0, 1, 1].map((node, i) =>
    cluster.connect(node, { namespace: "/chat", auth: { token: tokenFor(JWT_SECRET, { sub: `speaker-${i}` }) } }),
  );
  for (const client of await Promise.all(speakers)) {
    for (const text of ["one", "two"])
      expect(await client.request("send_message", { text })).toMatchObject({ ok: true });
  }
  await until("all to be counted", async () => (await messagesIn("chat")).every((count) => count === 6));
});

test("what was said in a meeting is counted, also where somebody has just gone", async () => {
  const roomId = randomUUID();
  const [ann, bob] = await Promise.all([0, 1].map((node) => cluster.connect(node, { namespace: "/rooms" })));
  for (const client of [ann, bob]) await client?.request("join-room", { roomId, userName: "somebody" });
  expect(await ann?.request("send-message", { roomId, message: "to both" })).toMatchObject({ ok: true });
  const peers = keys.roomPeers(roomNamed("rooms", roomId));
  await cluster.redis.hset(peers, "gone", String(await cluster.redis.hget(peers, bob?.socket.id ?? "")));
  expect(await ann?.request("send-message", { roomId, message: "to both, and nobody" })).toMatchObject({ ok: true });
  expect(await bob?.request("send-message", { roomId, message: "again" })).toMatchObject({ ok: true });
  await until("all to be counted", async () => (await messagesIn("rooms")).every((count) => count === 3));
});

test("what was said to a partner is counted once", async () => {
  const [ann, bob] = await Promise.all([cluster.connect(0), cluster.connect(1)]);
  const roomId = await pairClients(ann, bob);
  for (const client of [ann, bob, ann]) {
    expect(await client.request("send_message", { roomId, message: "?" })).toMatchObject({ ok: true });
  }
  await until("all to be counted", async () => (await messagesIn("random")).every((count) => count === 3));
});
