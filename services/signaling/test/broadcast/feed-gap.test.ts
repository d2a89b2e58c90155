import { entryNumberOf, keys } from "@switchyard/store";
import { type Service, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { enterChatroom, expectWhole, type Followed, feedOf, followed, secret, watch } from "./feed-walk.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: { ...patient, JWT_SECRET: secret } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const [calls, chat] = followed as [Followed, Followed];
const range = (count: number) => Array.from({ length: count }, (_, i) => i);
/** Somebody connects at a node, and some entries are made in the feed. */
async function makeEntries({ dialect }: Followed, node: Service, count: number, text = "x"): Promise<void> {
  const speaker = await enterChatroom(cluster, dialect, node);
  for (const i of range(count)) {
    if (dialect === "chat") await speaker.request("send_message", { text: `${i} ${text}` });
    else await speaker.request("user-joined", { id: speaker.user, username: `${i}` });
  }
}
const isDetached = async (id: string | undefined) =>
  (await cluster.store.sessions.read(id ?? ""))?.state === "detached";

describe.each(followed)("of what concerns everyone in $dialect", (subject) => {
  test("what a node did not hear, because its subscription was lost, is told all the same", async () => {
    const watchers = await Promise.all([0, 1].map((i) => watch(cluster, subject, cluster.node(i))));
    for (const _ of range(3)) {
      await cluster.redis.call("CLIENT", "KILL", "TYPE", "PUBSUB");
      await makeEntries(subject, cluster.node(0), 5);
    }
    for (const { client } of watchers) await client.caughtUp();
    const feed = await feedOf(cluster, subject);
    for (const { client } of watchers) expect(expectWhole(client, subject, feed)).toBeGreaterThanOrEqual(15);
    for (const { client } of watchers) expect(client.connects).toBe(1);
  });

  test("who missed more than is kept starts anew, and its session ends at once; nobody gets a part", async () => {
    const { client, proxy } = await watch(cluster, subject, cluster.node(0));
    const { id } = client.socket;
    await until("its start", () => client.received.length > 0);
    proxy.routeTo(1); // nobody listens there
    proxy.cut();
    await until("it to be gone", () => isDetached(id));
    await makeEntries(subject, cluster.node(1), 3);
    await cluster.redis.xtrim(keys.feed(subject.dialect), "MAXLEN", 1);
    const late = await cluster.start("signaling"); // the others have heard it themselves, and have it at hand
    const before = client.received.length;
    proxy.routeTo(late.port);
    await client.connected(2);
    expect(client.connections[1]).toMatchObject({ recovered: false });
    expect(await cluster.store.sessions.read(id ?? "")).toBeUndefined();
    await until("it to begin anew", () => client.received.length > before);
    expect(client.received[before]?.name).toBe(subject.start);
  });

  test("a place that there never was is not recovered from, and one before the session's own start counts as that", async () => {
    await makeEntries(subject, cluster.node(1), 3); // before its start
    const { client, proxy } = await watch(cluster, subject, cluster.node(0));
    await until("its start", () => client.received.length > 0);
    await makeEntries(subject, cluster.node(1), 3);
    await client.caughtUp();
    const offsets = client.socket as unknown as { _lastOffset: string };
    const [number] = offsets._lastOffset.split("~");
    const mark = client.received.length;
    offsets._lastOffset = `${number}~1-1`;
    proxy.routeTo(cluster.node(1).port);
    proxy.cut();
    await client.connected(2);
    expect(client.socket.recovered).toBe(true);
    await client.caughtUp();
    const own = (await feedOf(cluster, subject)).map((entry) => entry.id);
    const again = client.received
      .slice(mark)
      .flatMap(({ name, entry }) => (subject.received.includes(name) ? [entry] : []));
    expect(own.slice(-again.length)).toEqual(again);
    const [later] = offsets._lastOffset.split("~");
    offsets._lastOffset = `${later}~999999999999999-999999`;
    proxy.cut();
    await client.connected(3);
    expect(client.socket.recovered).toBe(false);
  });
});

test("a list that a client has missed comes before the entries after it, also where its sender knew of these", async () => {
  const { client, proxy } = await watch(cluster, calls, cluster.node(0));
  const session = client.socket.id ?? "";
  await client.caughtUp();
  const { feeds, outboxes, sessions } = cluster.store;
  proxy.routeTo(1); // nobody listens there
  proxy.cut();
  await until("it to be gone", () => isDetached(session));
  await makeEntries(calls, cluster.node(1), 3);
  const last = await feeds.last("calls");
  await makeEntries(calls, cluster.node(1), 3);
  const id = "0".repeat(32);
  const trace = { id, text: id, feed: entryNumberOf(await feeds.last("calls")) };
  const { epoch = 0 } = (await sessions.read(session)) ?? {};
  expect(await outboxes.followFeed(session, { epoch, last }, '["users-list",[]]', trace)).toBeUndefined();
  proxy.routeTo(cluster.node(1).port);
  await client.connected(2);
  expect(client.socket.recovered).toBe(true);
  await client.caughtUp();
  expect(expectWhole(client, calls, await feedOf(cluster, calls))).toBeGreaterThanOrEqual(3);
});

test("a long way to catch up reaches its client whole, within the bound on what may wait for it", async () => {
  const { client, proxy } = await watch(cluster, chat, cluster.node(0));
  const { id } = client.socket;
  await until("its start", () => client.received.length > 0);
  proxy.routeTo(1);
  proxy.cut();
  await until("it to be gone", () => isDetached(id));
  await makeEntries(chat, cluster.node(1), 600, "ä".repeat(3900)); // several times SEND_BUFFER_BYTES
  const overflows = await Promise.all(cluster.nodes.map((node) => node.metric("switchyard_send_overflows_total")));
  proxy.routeTo(cluster.node(1).port);
  await client.connected(2);
  expect(client.connections[1]).toEqual({ id, recovered: true });
  await client.caughtUp();
  expect(expectWhole(client, chat, await feedOf(cluster, chat))).toBe(600);
  expect(client.connects).toBe(2);
  expect(await Promise.all(cluster.nodes.map((node) => node.metric("switchyard_send_overflows_total")))).toEqual(
    overflows,
  );
});

test("whom a process that stood still brought online after its session had ended is taken off again, and the others are told", async () => {
  const { client } = await watch(cluster, calls, cluster.node(0));
  await client.caughtUp();
  const { online, users, clock } = cluster.store;
  const event = (type: string, more: object = {}) => JSON.stringify({ type, user: "ghost", ...more });
  const coming = {
    session: "ended",
    user: "ghost",
    claim: clock.now() * 1000,
    profile: '{"id":"ghost","username":"?"}',
  };
  await online.set("calls", { ...coming, event: event("came", { profile: { id: "ghost", username: "?" } }) }, 1);
  await users.claim("calls", "ghost", "ended");
  await until("it to be told", () =>
    client.received.some(({ name, args }) => name === "user-left" && args[0] === "ghost"),
  );
  await until("nothing to be left", async () => (await cluster.redis.keys("*ghost*")).length === 0);
  const listener = await enterChatroom(cluster, "chat", cluster.node(1));
  await online.addSession("chat", "ended", "phantom");
  await users.addSession("chat", "phantom", "ended");
  await until("nothing to be left", async () => (await cluster.redis.keys("*phantom*")).length === 0);
  await until("its name to be gone", async () => {
    const names = listener.names.at(-1)?.names ?? [];
    return names.length === 1 && !names.includes("phantom");
  });
});
