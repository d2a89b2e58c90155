import { randomUUID } from "node:crypto";
import { Participant, reconcileIndex } from "@switchyard/core";
import { openTestStore } from "@switchyard/testkit";
import { expect, inject, onTestFinished, test } from "vitest";
import { LocalSession } from "../../src/sessions/local-session.ts";
import { Reconciliation } from "../../src/sessions/reconciliation.ts";
import type { SessionHostParts } from "../../src/sessions/session-host-parts.ts";

test("a session that its node takes back while its connection closes is held by nobody, and so gets its grace", async () => {
  const { store, close } = await openTestStore(inject("redisUrl"));
  onTestFinished(close);
  const [node, id] = [randomUUID(), randomUUID()];
  await store.nodes.expect(node, id);
  await store.sessions.open(id, "random", "secret", node);
  const givenUpUntil = store.clock.now() + 1_000_000;
  await store.sessions.detach(id, node, undefined, givenUpUntil);
  await store.nodes.holdUntil(node, id, givenUpUntil);

  const cluster = { store, contexts: new Map(), graceMs: 60_000 };
  const parts = { node, cluster, leaseTerms: { current: { until: Number.POSITIVE_INFINITY } } };
  const hooks = { onLost: () => {}, onTakenBack: async () => {} };
  const reconciliation = new Reconciliation(parts as unknown as SessionHostParts, hooks);
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
