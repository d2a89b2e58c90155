import { randomUUID } from "node:crypto";
import { forgetSession, Participant, reconcileIndex } from "@switchyard/core";
import type { Store } from "@switchyard/store";
import { openTestStore } from "@switchyard/testkit";
import { beforeAll, expect, inject, test } from "vitest";
import { LocalSession } from "../../src/sessions/local-session.ts";
import { Reconciliation } from "../../src/sessions/reconciliation.ts";
import type { SessionHostParts } from "../../src/sessions/session-host-parts.ts";

let store: Store;
beforeAll(async () => {
  const opened = await openTestStore(inject("redisUrl"));
  store = opened.store;
  return opened.close;
});

/** What a node needs for a comparison. */
function nodeOf(graceMs: number) {
  const node = randomUUID();
  const cluster = { store, contexts: new Map(), graceMs };
  const parts = { node, cluster, leaseTerms: { current: { until: Number.POSITIVE_INFINITY } } };
  const hooks = { onLost: () => {}, onHalfDone: async () => {} };
  return { node, cluster, reconciliation: new Reconciliation(parts as unknown as SessionHostParts, hooks) };
}

test("a session that a sweep took out of the index of its slow node before it was opened is in it again", async () => {
  const { node, cluster, reconciliation } = nodeOf(60_000);
  const id = randomUUID();
  await store.nodes.expect(node, id);
  await forgetSession(cluster, id, node);
  await store.sessions.open(id, "random", "secret", node);
  expect(await store.nodes.sessions(node)).toEqual([]);
  const session = new LocalSession(new Participant(id, "random", 1), 0, {} as never);
  session.participant.lease = { until: 1 }; // in which it was opened
  await reconciliation.run(session);
  expect(await store.nodes.held(node)).toEqual([id]);
});

test("a session that its node takes back while its connection closes is held by nobody, and so gets its grace", async () => {
  const { node, cluster, reconciliation } = nodeOf(60_000);
  const id = randomUUID();
  await store.nodes.expect(node, id);
  await store.sessions.open(id, "random", "secret", node);
  const givenUpUntil = store.clock.now() + 1_000_000;
  await store.sessions.detach(id, node, undefined, givenUpUntil);
  await store.nodes.holdUntil(node, id, givenUpUntil);

  const session = new LocalSession(new Participant(id, "random", 1), 0, {} as never);
  const compared = reconciliation.run(session);
  session.released = true;
  await compared;
  expect(await store.sessions.read(id)).toMatchObject({ state: "live", node, epoch: 2 });

  await reconcileIndex(cluster, node, () => false);
  const { state, deadline = 0 } = (await store.sessions.read(id)) ?? {};
  expect(state).toBe("detached");
  expect(deadline).toBeLessThan(givenUpUntil);
});
