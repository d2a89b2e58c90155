import { randomUUID } from "node:crypto";
import { entryNumberOf, type FeedEntry } from "@switchyard/store";
import type { Service, TcpProxy, TestClient, TestCluster } from "@switchyard/testkit";
import { expect } from "vitest";
import { tokenFor } from "../admission/tokens.ts";

/** A dialect with a feed, and how its clients take part in it. */
export interface Followed {
  readonly dialect: "calls" | "chat";
  /** The event that names the entry from which on everything is delivered. */
  readonly start: string;
  /** The events by which entries of the feed are delivered. */
  readonly received: readonly string[];
}

export const followed: readonly Followed[] = [
  { dialect: "calls", start: "users-list", received: ["user-joined", "user-left"] },
  { dialect: "chat", start: "message_history", received: ["new_message"] },
];

/** In seconds: longer than any test. */
const TOKEN_LIFETIME = 3600;

export const secret = "a secret that these tests alone know";

/** The same numbers for the same seed (mulberry32), from 0 to below `below`. */
export function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** One who follows the feed, and a door by which it is led from node to node. */
export interface Watcher {
  readonly client: TestClient;
  readonly proxy: TcpProxy;
}

export async function watch(cluster: TestCluster, { dialect }: Followed, node: Service): Promise<Watcher> {
  const proxy = await cluster.proxy(node);
  return { proxy, client: await enterChatroom(cluster, dialect, proxy) };
}

/** Connects somebody who is there then. As stock clients do, it sends its opening event whenever it is connected. */
export async function enterChatroom(
  cluster: TestCluster,
  dialect: Followed["dialect"],
  to: { readonly url: string },
): Promise<TestClient> {
  const auth = { token: tokenFor(secret, { sub: `user-${randomUUID()}` }, TOKEN_LIFETIME) };
  const client = cluster.client(to, { namespace: `/${dialect}`, auth });
  if (dialect === "calls") {
    client.socket.on("connect", () => client.send("user-joined", { id: client.user, username: "?" }));
  }
  return client.connected();
}

/** Everything in a dialect's feed that is kept. */
export async function feedOf({ store }: TestCluster, { dialect }: Followed): Promise<readonly FeedEntry[]> {
  return store.feeds.before(dialect, undefined, 100_000);
}

/**
 * After each start a client has heard every entry from there on, once and in order, but what is about itself; and after the last one all
 * that there are.
 * @throws AssertionError
 */
export function expectWhole(
  { received, connections }: TestClient,
  { start, received: delivered }: Followed,
  feed: readonly FeedEntry[],
) {
  const isOwn = ({ except }: FeedEntry) => connections.some(({ id }) => id !== undefined && except.includes(id));
  let due: string[] = [];
  let entries = 0;
  for (const { name, entry } of received) {
    if (name === start) {
      const from = entryNumberOf(entry ?? "");
      due = feed.flatMap((one) => (one.number <= from || isOwn(one) ? [] : [one.id])).reverse();
    } else if (delivered.includes(name)) {
      expect(entry).toBe(due.pop());
      entries += 1;
    }
  }
  expect(due).toEqual([]);
  return entries;
}
