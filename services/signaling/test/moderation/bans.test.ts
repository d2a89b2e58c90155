import { ban, type Cluster, unban } from "@switchyard/core";
import { dialectLimitsOf, dialects, openContexts } from "@switchyard/dialects";
import { pairClients, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { readSignalingConfig } from "../../src/config.ts";
import { tokenFor } from "../admission/tokens.ts";
import { patient } from "../patient.ts";
import { linesOf } from "../telemetry/log-lines.ts";

const secret = "a secret of the tests of bans";
let cluster: TestCluster;
let operator: Cluster;
beforeAll(async () => {
  const environment = { ...patient, JWT_SECRET: secret, TRUST_PROXY: "loopback", LOG_LEVEL: "info" };
  cluster = await startCluster({ environment });
  const contexts = openContexts(dialects, cluster.store, dialectLimitsOf(readSignalingConfig({})));
  operator = { store: cluster.store, contexts, graceMs: 0 };
  return cluster.stop;
});
afterEach(async () => {
  for (const { id } of (await cluster.store.moderation.load()).bans) await unban(operator, id, "tests");
  await cluster.empty();
});

const lay = (kind: "user" | "address" | "network", whom: string) =>
  ban(operator, { kind, whom, reason: "Spam", by: "tests" });
const TIMES = 12;

describe("while the ban is on its way", () => {
  test("nobody comes to stand for the user, however close the opening event is", async () => {
    for (let i = 0; i < TIMES; i += 1) {
      const client = await cluster.connect(i % 2);
      const joining = client.join().catch(() => {}); // it may be disconnected first
      await Promise.all([joining, lay("user", client.user)]);
      await until("nobody to stand for the user", async () => {
        const holder = await cluster.store.users.holder("random", client.user);
        return holder === undefined || !(await cluster.store.sessions.exists(holder));
      });
    }
  });

  test("nobody gets in, however close the connect is", async () => {
    for (let i = 0; i < TIMES; i += 1) {
      const name = `ann-${crypto.randomUUID().slice(0, 8)}`;
      cluster.client(i % 2, { namespace: "/chat", auth: { token: tokenFor(secret, { sub: name }) } });
      await lay("user", name);
      await until("the node to know", async () => {
        const probe = cluster.client(i % 2, {
          namespace: "/chat",
          auth: { token: tokenFor(secret, { sub: name }) },
        });
        return new Promise<boolean>((done) => {
          probe.socket.on("connect_error", () => done(true));
          probe.socket.on("connect", () => done(false));
        });
      });
      await until("nobody to be there", async () => (await cluster.store.users.sessions("chat", name)).length === 0);
    }
  });
});

test("a banned user who is away ends at once, and the partner hears so", async () => {
  const proxy = await cluster.proxy(0);
  const [own, other] = [await cluster.connect(proxy), await cluster.connect(1)];
  await pairClients(own, other);
  const session = String(own.socket.id);
  proxy.routeTo(1); // nobody listens there
  proxy.cut();
  await until("its grace to have begun", async () => !(await cluster.store.sessions.isConnected(session)));
  await lay("user", own.user);
  await other.receive("partner_disconnected");
  expect(await cluster.store.sessions.exists(session)).toBe(false);
});

test("a ban that is over lets its user in again, without anybody who lifts it", async () => {
  const { clock } = cluster.store;
  const user = `ann-${crypto.randomUUID().slice(0, 8)}`;
  const end = clock.now() + 1500;
  await ban(operator, { kind: "user", whom: user, reason: "Spam", by: "tests", until: end });
  const isIn = async () => {
    const client = await cluster.connect(0);
    const answer = await client.request("join", { userId: user, type: "chat" }).catch(() => ({ ok: false }));
    client.leave();
    return answer.ok;
  };
  await until("the node to know, or the ban to be over", async () => !(await isIn()) || clock.now() > end);
  await until("it to be let in", isIn);
});

test("a ticket carries the network that it came from, also after its session went on at another node", async () => {
  const proxy = await cluster.proxy(0);
  const client = await cluster.connect(proxy, { extraHeaders: { "x-forwarded-for": "203.0.113.7" } });
  await client.join();
  const session = String(client.socket.id);
  const networkOf = async () => (await cluster.store.queues.find("chat", [session]))[0]?.ticket.network;
  const bits = await networkOf();
  expect(bits).toMatch(/^41100101100000000011100010000011/);
  await cluster.store.queues.dequeue(session, { queue: "chat", number: 99 });
  proxy.routeTo(cluster.node(1).port);
  proxy.cut();
  await client.connected(2);
  expect(client.socket.recovered).toBe(true);
  expect(await until("the ticket to be there again", networkOf)).toBe(bits);
});

test("metrics count bans, and what they end and refuse; no log line has an address or a user", async () => {
  const address = "203.0.113.77";
  const headers = { extraHeaders: { "x-forwarded-for": address } };
  const [ended, banned] = await Promise.all(["sessions_banned_total", "bans"].map((name) => metricOf(name)));
  const client = await cluster.connect(0, headers);
  const gone = new Promise((resolve) => client.socket.once("disconnect", resolve));
  await client.join();
  await lay("address", address);
  await gone;
  expect(await metricOf("sessions_banned_total")).toBe((ended ?? 0) + 1);
  expect(await metricOf("bans")).toBe((banned ?? 0) + 1);
  const refused = cluster.client(0, headers);
  await new Promise((resolve) => refused.socket.once("connect_error", resolve));
  const text = await (await fetch(`${cluster.node(0).url}/metrics`)).text();
  expect(text).toMatch(/connections_refused_total\{code="banned"[^}]*\} \d/);
  const lines = linesOf(cluster).map((line) => JSON.stringify(line));
  expect(lines.filter((line) => line.includes("it is banned"))).not.toEqual([]);
  expect(lines.filter((line) => line.includes(address) || line.includes(client.user))).toEqual([]);
});

function metricOf(name: string): Promise<number> {
  return cluster.node(0).metric(`switchyard_${name}`);
}
