import { randomUUID } from "node:crypto";
import { type Cluster, detach, reconcileIndex, sweep, UNSAID_NOTICE_MS } from "@switchyard/core";
import { keys } from "@switchyard/store";
import { openTestStore, startRedis, type TestStore } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";

const GRACE_MS = 100_000;
const NOTICE_MS = 1_000_000;

let redis: TestStore["redis"];
let cluster: Cluster;
beforeAll(async () => {
  const server = await startRedis();
  const { close, ...opened } = await openTestStore(server.url);
  redis = opened.redis;
  cluster = { store: opened.store, contexts: new Map(), graceMs: GRACE_MS };
  return async () => {
    await close();
    await server.stop();
  };
});

/** A node that vanished, with one session, and what it said of itself. */
async function vanished(info: Record<string, string>) {
  const [node, session] = [randomUUID(), randomUUID()];
  await cluster.store.nodes.describe(node, { service: "signaling", ...info });
  await cluster.store.nodes.expect(node, session);
  await cluster.store.sessions.open(session, "random", "secret", node);
  await redis.zadd(keys.leases(), 1, node); // long ago
  return { node, session };
}

/** For how long at least, and at most, a session can be resumed from when a sweep found its node dead. */
async function graceInSweep(session: string): Promise<readonly [atLeast: number, atMost: number]> {
  const from = cluster.store.clock.now();
  await sweep(cluster);
  const until = cluster.store.clock.now();
  const { state, deadline = 0 } = (await cluster.store.sessions.read(session)) ?? {};
  expect(state).toBe("detached");
  return [deadline - until, deadline - from];
}

test.each([
  ["its clients notice", { noticeMs: String(NOTICE_MS) }, NOTICE_MS],
  ["a client of an older version notices", {}, UNSAID_NOTICE_MS],
  ["a client of an older version notices, where that is no number,", { noticeMs: "1e9; soon" }, UNSAID_NOTICE_MS],
])("the sessions of a node that vanished wait the grace and as long as %s", async (_, info, noticeMs) => {
  const { node, session } = await vanished(info);
  const [atLeast, atMost] = await graceInSweep(session);
  expect(atLeast).toBeLessThanOrEqual(noticeMs + GRACE_MS);
  expect(atMost).toBeGreaterThanOrEqual(noticeMs + GRACE_MS);
  const { deadline } = (await cluster.store.sessions.read(session)) ?? {};
  expect(Number(await redis.zscore(keys.nodeSessions(node), session))).toBe(deadline);
  await sweep(cluster); // a repetition gives no more time
  expect(await cluster.store.sessions.read(session)).toMatchObject({ deadline });
});

test("a session whose connection was gone before its node vanished has the time that it had", async () => {
  const { node, session } = await vanished({ noticeMs: String(NOTICE_MS) });
  const deadline = await detach(cluster, session, node, 1);
  await sweep(cluster);
  expect(await cluster.store.sessions.read(session)).toMatchObject({ state: "detached", deadline });
});

test("a session that its node took back is noted as held, though the note of its detachment comes later; one that is not stays detached", async () => {
  const { node, session } = await vanished({});
  const { nodes, sessions, clock } = cluster.store;
  const deadline = clock.now() + GRACE_MS;
  expect(await sessions.detach(session, node, undefined, deadline)).toMatchObject({ deadline });
  expect(await sessions.reconcile(session, 1, 0)).toMatchObject({ epoch: 2 });
  await nodes.hold(node, session);
  await nodes.holdUntil(node, session, deadline); // from the process that took the node for dead
  await reconcileIndex(cluster, node, (one) => one === session);
  expect(await nodes.held(node)).toEqual([session]);
  await sessions.detach(session, node, 2, deadline);
  await reconcileIndex(cluster, node, () => false);
  expect(await nodes.detached(node)).toEqual([session]);
});
