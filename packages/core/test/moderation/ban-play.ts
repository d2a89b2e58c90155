import { randomUUID } from "node:crypto";
import { ban, type Cluster, type Context, spreadBans, sweepBans, unban } from "@switchyard/core";
import type { QueuedTicket } from "@switchyard/store";
import { gatedStore } from "../model/gated-store.ts";
import { Interleaver } from "../model/interleaver.ts";
import { type Connections, keysLike } from "../model/redis.ts";

export interface Move {
  readonly do: "ban" | "unban" | "shadow" | "unshadow" | "sweep" | "kill" | "commit" | "step";
  readonly user: number;
  readonly choice: number;
}

type Kind = "ban" | "unban" | "shadow" | "unshadow";
/** What undoes each. */
const contraries = { ban: "unban", unban: "ban", shadow: "unshadow", unshadow: "shadow" } as const;

/** What an operator does about a user, and when it began and ended, in moves. One that was killed ended then. */
interface Action {
  readonly kind: Kind;
  readonly user: number;
  readonly by: string;
  readonly began: number;
  ended: number | undefined;
  isDone: boolean;
}

const USERS = [0, 1, 2];
const PROCESSES = ["sy", "node", "matchmaker"];
const DAY_MS = 86_400_000;

/** Operators who ban and lift bans by several processes, in any interleaving, while the users of a queue are paired. */
export class BanPlay {
  readonly #connections: Connections;
  readonly #interleaver = new Interleaver();
  readonly #queue = randomUUID();
  readonly #actions: Action[] = [];
  #now = 0;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** @throws Error if one who was banned is paired, or one who was not is refused */
  async play(script: readonly Move[]): Promise<void> {
    const { redis, store } = this.#connections;
    for (const key of await keysLike(redis, "sy:{moderation}*")) await redis.del(key);
    await store.assignments.prepare(this.#queue);
    for (const move of script) {
      this.#now += 1;
      await this.#make(move);
    }
    while (this.#interleaver.size > 0) await this.#interleaver.step(0);
    await this.#rest();
  }

  async #make({ do: what, user, choice }: Move): Promise<void> {
    const process = PROCESSES[choice % PROCESSES.length] ?? "";
    if (what === "step") return this.#interleaver.step(choice);
    if (what === "commit") return this.#commit(user, (user + 1 + (choice % 2)) % USERS.length);
    if (what === "kill") return this.#kill(process);
    this.#interleaver.trace.push(`${what} ${user} by ${process}`);
    if (what === "sweep") void sweepBans(this.#clusterOf(process), DAY_MS);
    else void this.#act(what, user, process);
    await this.#interleaver.drain();
  }

  async #act(kind: Kind, user: number, by: string): Promise<void> {
    const action: Action = { kind, user, by, began: this.#now, ended: undefined, isDone: false };
    this.#actions.push(action);
    const cluster = this.#clusterOf(by);
    const [whom, reason] = [nameOf(user), String(this.#now)];
    if (kind === "ban" || kind === "shadow") await ban(cluster, { effect: kind, kind: "user", whom, reason, by });
    else await unban(cluster, await this.#idOf(user, kind === "unban" ? "ban" : "shadow"), by);
    Object.assign(action, { ended: this.#now, isDone: true });
  }

  /** As the operator sees it in the list. */
  async #idOf(user: number, of: "ban" | "shadow"): Promise<string> {
    const { bans } = await this.#interleaver.pass(this.#connections.store.moderation.load());
    return bans.find(({ whom, effect }) => whom === nameOf(user) && effect === of)?.id ?? "none";
  }

  #kill(process: string): void {
    this.#interleaver.trace.push(`kill ${process}`);
    this.#interleaver.kill(process);
    for (const action of this.#actions) if (action.by === process) action.ended ??= this.#now;
  }

  /** Pairs two, who wait afresh. */
  async #commit(one: number, two: number): Promise<void> {
    const { queues } = this.#connections.store;
    const pair = await Promise.all([this.#enqueue(one), this.#enqueue(two)]);
    const isPaired = await queues.commit(this.#queue, ...pair, randomUUID());
    this.#interleaver.trace.push(`commit ${one} ${two}: ${isPaired}`);
    for (const { session } of pair) await queues.dequeue(session, { queue: this.#queue, number: 1 });
    const banned = [one, two].filter((user) => this.#isSurely("ban", user));
    const free = [one, two].filter((user) => this.#isSurely("unban", user));
    if (isPaired && banned.length > 0) throw this.#broken(`${banned} was banned, and is paired`);
    const [apart, together] = [this.#areSurely("apart", one, two), this.#areSurely("together", one, two)];
    if (isPaired && apart) throw this.#broken(`${one} and ${two} are paired across the shadow pool's boundary`);
    if (!isPaired && free.length === 2 && together) throw this.#broken(`${free} were not banned, and are not paired`);
  }

  async #enqueue(user: number): Promise<QueuedTicket> {
    const stamp = { number: 1, epoch: 1, connected: true };
    const nothing = { interests: [], avoid: [], blocked: [], recent: [], language: undefined, region: undefined };
    const queued = { session: randomUUID(), stamp, ticket: { user: nameOf(user), since: 1, ...nothing } };
    await this.#connections.store.queues.enqueue(this.#queue, queued.session, queued.ticket, stamp);
    return { ...queued, sequence: 1 };
  }

  /** Whether, whatever came before and beside, only one of two is in the shadow pool; or both are, or neither. */
  #areSurely(how: "apart" | "together", one: number, two: number): boolean {
    const [first, second] = how === "apart" ? (["unshadow", "shadow"] as const) : (["shadow", "shadow"] as const);
    const areSo = (a: Kind, b: Kind) => this.#isSurely(a, one) && this.#isSurely(b, two);
    return areSo(first, second) || areSo(contraries[first], contraries[second]);
  }

  /** Whether, whatever came before and beside, the last that was done about a user is this. */
  #isSurely(kind: Kind, user: number): boolean {
    const own = this.#actions.filter((action) => action.user === user);
    const others = own.filter((action) => action.kind === contraries[kind]);
    if (kind.startsWith("un") && others.length === 0) return true; // never done
    const isAfter = (done: Action) => others.every(({ ended }) => ended !== undefined && ended < done.began);
    return own.some((action) => action.kind === kind && action.isDone && isAfter(action));
  }

  /** After a sweep the queue has the bans that there are, and no others. */
  async #rest(): Promise<void> {
    const { store } = this.#connections;
    const cluster = { store, contexts: this.#contexts(store), graceMs: 0 };
    await spreadBans(cluster);
    const { bans, revision } = await store.moderation.load();
    const theirs = await store.queueBans.revision(this.#queue);
    if (theirs !== revision) throw this.#broken(`the queue has revision ${theirs}, not ${revision}`);
    for (const user of USERS) {
      const [one, two] = [await this.#enqueue(user), { ...(await this.#enqueue(9)) }];
      const isPaired = await store.queues.commit(this.#queue, one, two, randomUUID());
      const isBanned = bans.some(({ whom }) => whom === nameOf(user)); // or in the shadow pool, where the other one is not
      if (isPaired === isBanned)
        throw this.#broken(`at the end ${user} is ${isBanned ? "" : "not "}banned: ${isPaired}`);
    }
  }

  #clusterOf(process: string): Cluster {
    const store = gatedStore(this.#connections.store, process, this.#interleaver, () => {});
    return { store, contexts: this.#contexts(store), graceMs: 0 };
  }

  /** Nothing else of a context is used for bans. */
  #contexts(store: Cluster["store"]): Cluster["contexts"] {
    return new Map([["random", { dialect: "random", queues: [this.#queue], store } as unknown as Context]]);
  }

  #broken(what: string): Error {
    return new Error(`${what}\n${this.#interleaver.trace.join("\n")}`);
  }
}

const nameOf = (user: number) => `user-${user}`;
