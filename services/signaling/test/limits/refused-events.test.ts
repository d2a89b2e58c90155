import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { from } from "./handshakes.ts";
import { RawClient } from "./raw-client.ts";

const REFUSED = 50;
const USERS = 2;
const ADDRESS = "203.0.113.1";
const OTHER = "203.0.113.2";
const HOUR_S = 3600;

let cluster: TestCluster;
beforeAll(async () => {
  const limits = { RATE_LIMIT_DURATION: HOUR_S, MAX_REFUSED_EVENTS: REFUSED, ADDRESS_RATE_LIMIT_USERS: USERS };
  cluster = await startCluster({ nodes: 1, environment: { ...patient, TRUST_PROXY: "loopback", ...limits } });
  return cluster.stop;
});

const timesHit = async (limit: string) =>
  (await cluster.node(0).metric(`switchyard_limits_hit_total\\{limit="${limit}".*\\}`)) || 0;
const errorsOf = ({ received }: TestClient) => received.flatMap(({ name, args }) => (name === "error" ? args : []));

test("a client that goes on after so many refusals receives why, loses its connection, and has its session again", async () => {
  const client = await cluster.connect(0, { extraHeaders: from(ADDRESS) });
  await client.join();
  const { id } = client.socket;
  const reasons: string[] = [];
  client.socket.on("disconnect", (reason) => void reasons.push(reason));
  const answers = await Promise.all(Array.from({ length: REFUSED }, () => client.request("join", { userId: 1 })));
  expect(answers.map(({ error }) => error?.code)).toEqual(Array.from({ length: REFUSED }, () => "validation"));
  expect([client.socket.connected, await timesHit("connection-refused")]).toEqual([true, 0]);
  for (let i = 0; i < REFUSED; i += 1) client.send("join", { userId: 1 });
  await client.connected(2);
  expect(reasons).toEqual(["transport close"]);
  expect(errorsOf(client).slice(0, 2)).toEqual([
    { type: "validation", message: expect.any(String) },
    { type: "rate_limited", message: expect.stringContaining("closed"), retryAfterMs: expect.any(Number) },
  ]);
  expect(await timesHit("connection-refused")).toBe(1);
  expect([client.socket.recovered, client.socket.id]).toEqual([true, id]);
});

test("refusals are counted for the connection, whichever of its sessions they are of; ignored events are none", async () => {
  const client = await RawClient.open(cluster, 0, OTHER);
  for (const namespace of ["/random", "/rooms"]) await client.connect(namespace);
  for (let i = 0; i < 3 * REFUSED; i += 1) client.raw.sendText('42/random,["no_such_event"]');
  await client.passed("/random", "no_such_event", REFUSED / 2);
  await client.passed("/rooms", "no_such_event", REFUSED / 2);
  expect(client.raw.isClosed).toBe(false);
  client.raw.sendText('42/rooms,["no_such_event"]');
  client.raw.sendText('42/rooms,7["no_such_event"]');
  await until("it to be closed", () => client.raw.isClosed);
  expect(client.raw.received.at(-1)).toMatch(/^42\/rooms,\["error",\{"type":"rate_limited"/);
});

test("so do requests for namespaces that there are not", async () => {
  const client = await RawClient.open(cluster, 0, "203.0.113.3");
  for (let i = 0; i < REFUSED; i += 1) expect((await client.connect(`/n${i}`))?.message).toBe("Invalid namespace");
  const last = await client.connect("/another");
  expect(last?.data).toMatchObject({ code: "rate_limited", retryable: true, retryAfterMs: expect.any(Number) });
  await until("it to be closed", () => client.raw.isClosed);
});

test("where an address has used up what it may be refused, a connection is closed at its next refusal", async () => {
  const address = "203.0.113.4";
  const honest = await cluster.connect(0, { extraHeaders: from(address) });
  await honest.join();
  for (let i = 0; i < USERS; i += 1) {
    const client = await RawClient.open(cluster, 0, address);
    await client.connect("/random");
    for (let j = 0; j <= REFUSED; j += 1) client.raw.sendText('42/random,1["no_such_event"]');
    await until("it to be closed", () => client.raw.isClosed);
  }
  const last = await RawClient.open(cluster, 0, address);
  await last.connect("/random");
  await until("it to be closed", () => {
    last.raw.sendText('42/random,1["no_such_event"]');
    return last.raw.isClosed;
  });
  expect(await timesHit("address-refused")).toBe(1);
  expect(honest.socket.connected).toBe(true);
  expect(await honest.request("next", {})).toEqual({ ok: true });
});
