import { createHmac, randomUUID } from "node:crypto";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll } from "vitest";
import type { Session } from "../src/session/hold.ts";

const secret = "a secret that these tests alone know";

/** With these a machine that stands still for a while ends no connection, no session and no node. */
const environment = {
  LEASE_MS: 60_000,
  RECONNECT_GRACE_MS: 120_000,
  PING_INTERVAL_MS: 120_000,
  PING_TIMEOUT_MS: 120_000,
  MATCH_WIDEN_MS: 600_000,
  JWT_SECRET: secret,
};

export const newId = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

export function tokenFor(sub: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub, exp: Math.floor(Date.now() / 1000) + 600 })}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

const opened: { close(): void }[] = [];

/** It is closed when the test ends. */
export function kept<Kept extends { close(): void }>(session: Kept): Kept {
  opened.push(session);
  return session;
}

/** The cluster of a file's tests. */
export function useCluster(): () => TestCluster {
  let cluster: TestCluster | undefined;
  beforeAll(async () => {
    const started = await startCluster({ environment });
    cluster = started;
    return async () => {
      await started.empty();
      await started.stop();
    };
  });
  afterEach(() => {
    for (const session of opened.splice(0)) session.close();
  });
  return () => {
    if (!cluster) throw new Error("The cluster has not been started.");
    return cluster;
  };
}

/** Waits until a session's state is as it should be. */
export function stateOf<State>(session: Session<State>, what: string, is: (state: State) => boolean): Promise<State> {
  return until(what, () => {
    const state = session.get();
    return is(state) && state;
  });
}

/** How often all nodes were sent an event. */
export async function timesSent(cluster: TestCluster, dialect: string, event: string): Promise<number> {
  const metric = `switchyard_events_in_total\\{[^}\n]*dialect="${dialect}",event="${event}"[^}\n]*\\}`;
  const counts = await Promise.all(cluster.nodes.map(async (node) => (await node.metric(metric)) || 0));
  return counts.reduce((sum, count) => sum + count, 0);
}
