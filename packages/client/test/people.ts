import { createHmac, randomUUID } from "node:crypto";
import { type TestCluster, until } from "@switchyard/testkit";
import type { ConnectionState, Store } from "../src/index.ts";

/** With these a machine that stands still for a while ends no connection, no session and no node. */
export const environment = {
  LEASE_MS: 60_000,
  RECONNECT_GRACE_MS: 120_000,
  PING_INTERVAL_MS: 120_000,
  PING_TIMEOUT_MS: 120_000,
  MATCH_WIDEN_MS: 600_000,
  JWT_SECRET: "a secret that these tests alone know",
};

export const newId = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

/** @param lifetime in seconds */
export function tokenFor(sub: string, lifetime = 600): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + lifetime;
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub, exp })}`;
  return `${text}.${createHmac("sha256", environment.JWT_SECRET).update(text).digest("base64url")}`;
}

/** Waits until the connection stands there. */
export function standing(
  { state }: { state: Store<ConnectionState> },
  ...statuses: readonly ConnectionState["status"][]
): Promise<ConnectionState> {
  return until(`the connection to be ${statuses.join(" or ")}`, () => {
    const now = state.get();
    return statuses.includes(now.status) && now;
  });
}

/** All contents of an event, as they come. */
export function heard<Content>(on: (listener: (content: Content) => void) => () => void): {
  readonly all: readonly Content[];
  next(): Promise<Content>;
} {
  const all: Content[] = [];
  let read = 0;
  on((content) => all.push(content));
  const next = async () => {
    const content = await until("an event", () => all.length > read && { content: all[read] as Content });
    read += 1;
    return content.content;
  };
  return { all, next };
}

/** How often all nodes were sent an event. */
export async function timesSent(cluster: TestCluster, dialect: string, event: string): Promise<number> {
  const metric = `switchyard_events_in_total\\{[^}\n]*dialect="${dialect}",event="${event}"[^}\n]*\\}`;
  const counts = await Promise.all(cluster.nodes.map(async (node) => (await node.metric(metric)) || 0));
  return counts.reduce((sum, count) => sum + count, 0);
}
