import {
  expectNothingMore,
  insist,
  type LastingRedis,
  pairClients,
  type Service,
  startCluster,
  startLastingRedis,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";

let redis: LastingRedis;
let cluster: TestCluster;
beforeAll(async () => {
  redis = await startLastingRedis();
  return redis.stop;
});
beforeAll(async () => {
  // a lease that runs out while Redis is away: who was given up for that has a long grace, and is taken back
  const environment = { ...patient, MATCH_WIDEN_MS: 600_000, LEASE_MS: 600 };
  cluster = await startCluster({ redis, environment });
  return cluster.stop;
});
afterEach(() => cluster.empty());

async function readiness({ url }: Service): Promise<{ status: number; reason?: string }> {
  const response = await fetch(`${url}/readyz`);
  return { ...((await response.json()) as object), status: response.status };
}

const services = () => [...cluster.nodes, ...cluster.matchmakers];
const allReady = () =>
  until("everything to be ready", async () =>
    (await Promise.all(services().map(readiness))).every(({ status }) => status === 200),
  );

async function pair(): Promise<{ ann: TestClient; bob: TestClient; roomId: string }> {
  const [ann, bob] = await Promise.all([cluster.connect(0), cluster.connect(1)]);
  return { ann, bob, roomId: await pairClients(ann, bob) };
}

test("while Redis is away nodes stay up, hold their connections and refuse; then they go on", async () => {
  const { ann, bob, roomId } = await pair();
  const waiting = await cluster.connect(0);
  await insist(waiting, "join", { userId: waiting.user, type: "video" });
  await waiting.receive("waiting_for_partner");
  await redis.crash();
  const refusal = { code: "server_error", message: "The server can't do that right now; try again.", retryable: true };
  expect(await ann.request("send_message", { roomId, message: "?" })).toEqual({ ok: false, error: refusal });
  expect(await waiting.request("next", {})).toEqual({ ok: false, error: refusal });
  ann.send("typing", { roomId, isTyping: true });
  expect(await ann.receive("error")).toEqual({ type: "server_error", message: refusal.message });
  for (const node of cluster.nodes) {
    await until("a node not to be ready", async () => (await readiness(node)).status === 503);
    expect((await readiness(node)).reason).toMatch(/Redis/);
    expect((await fetch(`${node.url}/healthz`)).status).toBe(200);
  }
  for (const matchmaker of cluster.matchmakers) {
    await until("a matchmaker not to be ready", async () => (await readiness(matchmaker)).status === 503);
  }
  const early = cluster.client(1);
  await redis.startAgain();
  await allReady();
  await early.connected();
  expect(await insist(ann, "typing", { roomId, isTyping: true })).toEqual({ ok: true });
  await bob.receive("user_typing");
  expect(await insist(bob, "offer", { roomId, offer: {} })).toEqual({ ok: true });
  await ann.receive("offer");
  await insist(early, "join", { userId: early.user, type: "video" });
  expect(await early.receive("partner_found")).toMatchObject({ partnerId: waiting.user });
  await waiting.receive("partner_found");
  await expectNothingMore(ann, bob, waiting, early);
  for (const client of [ann, bob, waiting]) expect(client.connects).toBe(1);
});

test("what was acknowledged is not lost, whenever Redis crashes; nothing is doubled", async () => {
  const { ann, bob, roomId } = await pair();
  let stopped = false;
  const acknowledged: number[] = [];
  const talk = async () => {
    for (let i = 0; !stopped; i += 1) {
      const { ok } = await ann.request("ice_candidate", { roomId, candidate: { i } });
      if (ok) acknowledged.push(i);
      else await new Promise((resume) => setTimeout(resume, 20)); // a client would pause too
    }
  };
  const talking = talk();
  for (let round = 1; round <= 2; round += 1) {
    await until("some to be acknowledged", () => acknowledged.length > 100 * round);
    await redis.crash();
    await redis.startAgain();
    await allReady();
  }
  await until("more to be acknowledged", () => acknowledged.length > 300);
  stopped = true;
  await talking;
  await expectNothingMore(ann);
  await bob.caughtUp();
  const received = bob.unread().map(([name, body]) => {
    expect(name).toBe("ice_candidate");
    return (body as { candidate: { i: number } }).candidate.i;
  });
  expect(received).toEqual([...new Set(received)].sort((one, two) => one - two));
  expect(acknowledged.filter((i) => !received.includes(i))).toEqual([]);
  expect([ann.connects, bob.connects]).toEqual([1, 1]);
});
