import { ban, type Cluster } from "@switchyard/core";
import { openStore } from "@switchyard/store";
import type { Redis } from "ioredis";
import { contextOf } from "../match/crowd.ts";
import type { Target } from "./target.ts";

const REASON = "Spam";
const CREATED = 201;

/** The ways in which an operator bans. */
export const ways = ["user, as `sy ban` does", "user, by a node's API", "network, as `sy ban` does"] as const;
export type Way = (typeof ways)[number];

/** Bans a target in one of the ways. */
export class Operator {
  readonly #cluster: Cluster;
  readonly #adminToken: string;

  private constructor(cluster: Cluster, adminToken: string) {
    this.#cluster = cluster;
    this.#adminToken = adminToken;
  }

  static async open(redis: Redis, adminToken: string): Promise<Operator> {
    const bounds = { outbox: { events: 256, bytes: 1_048_576 }, roomHistoryBytes: 524_288 };
    const store = await openStore(redis, bounds);
    return new Operator({ store, contexts: new Map([["random", contextOf(store)]]), graceMs: 0 }, adminToken);
  }

  /** @param node whose API is called, if that is the way */
  async ban(way: Way, { user, network }: Target, node: string): Promise<void> {
    switch (way) {
      case "user, as `sy ban` does":
        await ban(this.#cluster, { kind: "user", whom: user, reason: REASON, by: "bench" });
        return;
      case "network, as `sy ban` does":
        await ban(this.#cluster, { kind: "network", whom: network, reason: REASON, by: "bench" });
        return;
      case "user, by a node's API":
        return this.#request(user, node);
    }
  }

  async #request(user: string, node: string): Promise<void> {
    const answer = await fetch(`${node}/api/admin/bans`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.#adminToken}`, "content-type": "application/json" },
      body: JSON.stringify({ kind: "user", whom: user, reason: REASON }),
    });
    if (answer.status !== CREATED) throw new Error(`the ban of ${user}: ${answer.status} ${await answer.text()}`);
  }
}
