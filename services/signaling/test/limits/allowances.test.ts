import { type Acknowledgement, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { from } from "./handshakes.ts";
import { RawClient } from "./raw-client.ts";

const COSTLY = 40;
const USERS = 3;
/** The events that a node may let pass beyond an address's limit: a tenth. */
const BEYOND = (USERS * COSTLY) / 10;
const HOUR_S = 3600;

let cluster: TestCluster;
beforeAll(async () => {
  const environment = {
    ...patient,
    TRUST_PROXY: "loopback",
    RATE_LIMIT_POINTS: COSTLY,
    RATE_LIMIT_DURATION: HOUR_S,
    ADDRESS_RATE_LIMIT_USERS: USERS,
  };
  cluster = await startCluster({ environment });
  return cluster.stop;
});

/** Of documentation's own networks (RFC 5737, RFC 3849), others for each test. */
let count = 0;
const another = () => {
  count += 1;
  return count;
};
const someAddress = () => `203.0.113.${another()}`;

const isLimited = ({ error }: Acknowledgement) => error?.code === "rate_limited";
/** How many of so many costly events were not over a limit. They have no effect, but they count. */
async function passed(client: TestClient, events: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: events }, () => client.request("no_such_event", {})));
  return answers.filter((answer) => !isLimited(answer)).length;
}
const connectFrom = (address: string, node = 0) => cluster.connect(node, { extraHeaders: from(address) });
const timesHit = async (limit: string) =>
  (await cluster.node(0).metric(`switchyard_limits_hit_total\\{limit="${limit}".*\\}`)) || 0;

test("sessions on one connection at once have one user's allowance together", async () => {
  const client = await RawClient.open(cluster, 0, someAddress());
  const namespaces = ["/random", "/rooms", "/match", "/calls"];
  for (const namespace of namespaces) expect(await client.connect(namespace)).toBeUndefined();
  let total = 0;
  for (const namespace of namespaces) total += await client.passed(namespace, "no_such_event", COSTLY - 5);
  expect(total).toBe(COSTLY);
  expect(await timesHit("connection-costly")).toBe(4 * (COSTLY - 5) - COSTLY);
});

test("so have sessions on one connection one after another", async () => {
  const client = await RawClient.open(cluster, 0, someAddress());
  await client.connect("/random");
  let total = await client.passed("/random", "no_such_event", COSTLY - 5);
  for (let i = 0; i < 5; i += 1) {
    await client.connect("/rooms");
    total += await client.passed("/rooms", "no_such_event", COSTLY - 5);
    await client.disconnect("/rooms");
  }
  expect(total).toBe(COSTLY);
});

test("of a connection's signals and cheap events that is so too, each with an allowance of its own", async () => {
  const own = await cluster.start("signaling", { SIGNAL_RATE_LIMIT_POINTS: 60 });
  const client = await RawClient.open(cluster, cluster.nodes.indexOf(own), someAddress());
  for (const namespace of ["/random", "/rooms"]) await client.connect(namespace);
  expect(await client.passed("/random", "typing", 50)).toBe(50);
  await client.disconnect("/random");
  await client.connect("/random");
  expect(await client.passed("/random", "typing", 50)).toBe(10);
  expect(await client.passed("/random", "ice_candidate", 50)).toBe(50);
});

test("clients behind one address share an allowance over both nodes; another address has its own", async () => {
  const [address, other] = [someAddress(), someAddress()];
  const clients = await Promise.all(Array.from({ length: 2 * USERS }, (_, i) => connectFrom(address, i % 2)));
  const counts = await Promise.all(clients.map((client) => passed(client, COSTLY)));
  const total = counts.reduce((sum, one) => sum + one);
  expect(total).toBeGreaterThanOrEqual(USERS * COSTLY);
  expect(total).toBeLessThanOrEqual(USERS * COSTLY + 2 * BEYOND);
  expect(await timesHit("address-costly")).toBeGreaterThan(0);
  expect(await passed(await connectFrom(other), COSTLY)).toBe(COSTLY);
});

test("an IPv6 network /64 is one address, and the next one is another", async () => {
  const network = another();
  const clients = await Promise.all(
    Array.from({ length: USERS + 1 }, (_, i) => connectFrom(`2001:db8:0:${network}::${i + 1}`)),
  );
  const counts = [];
  for (const client of clients) counts.push(await passed(client, COSTLY));
  expect(counts.reduce((sum, one) => sum + one)).toBe(USERS * COSTLY);
  expect(await passed(await connectFrom(`2001:db8:0:${network + 1_000}::1`), COSTLY)).toBe(COSTLY);
});

test("an event that its address is refused for takes nothing from its user", async () => {
  const address = someAddress();
  const crowd = await Promise.all(Array.from({ length: USERS }, () => connectFrom(address)));
  const last = await connectFrom(address);
  for (const client of crowd) await passed(client, COSTLY);
  expect(await passed(last, COSTLY)).toBe(0);
  const elsewhere = await connectFrom(someAddress());
  await last.join().catch(() => {});
  expect(isLimited(await elsewhere.join({ userId: last.user }))).toBe(false);
  expect(await passed(elsewhere, COSTLY)).toBe(COSTLY - 1);
});

test("0 lifts the limits of addresses", async () => {
  const own = await cluster.start("signaling", { ADDRESS_RATE_LIMIT_USERS: 0 });
  const address = someAddress();
  const node = cluster.nodes.indexOf(own);
  for (let i = 0; i < 2 * USERS; i += 1) expect(await passed(await connectFrom(address, node), COSTLY)).toBe(COSTLY);
  await until(
    "nothing to be refused",
    async () => !(await own.metric('switchyard_limits_hit_total\\{limit="address.*\\}')),
  );
});
