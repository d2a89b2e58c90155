import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { ban, type Cluster, networkOf, unban } from "@switchyard/core";
import { dialectLimitsOf, dialects, openContexts } from "@switchyard/dialects";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { expect } from "vitest";
import { readMatchmakerConfig } from "../../src/config.ts";
import { MortalMatchmakers } from "../mortal-matchmakers.ts";
import { PairingJudge, type Subject } from "./pairing-judge.ts";

const QUEUE = "chat";
const AT_ONCE = 50;
const MOST_WAITING = 2000;
const OPERATORS = 3;
const PAUSE_MS = 20;
const users = Array.from({ length: 120 }, (_, i) => `user-${i}`);
const cohorts = [undefined, "minors", "16-17"];
const cohortOf = (user: string) => cohorts[users.indexOf(user) % cohorts.length];
const networkNumberOf = (user: string) => Math.floor(users.indexOf(user) / cohorts.length) % 10;
const addressOf = (user: string) => `10.${networkNumberOf(user)}.0.${users.indexOf(user)}`;
const subjectsOf = (user: string): Subject[] => [user, `10.${networkNumberOf(user)}.0.0/16`];
const subjects: readonly Subject[] = [...new Set(users.flatMap(subjectsOf))];
const anyOf = <Item>(items: readonly Item[]) => items[Math.floor(Math.random() * items.length)] as Item;

export interface Scale {
  readonly joins: number;
  readonly kills: number;
  readonly matchmakers: number;
}

/**
 * A queue that people of several cohorts join, while operators ban and shadow users and networks, and lift that again, and matchmakers are
 * killed. Tickets have no sessions: pairings are made final, and are void when they are carried out.
 */
export class ModeratedQueue {
  readonly #cluster: TestCluster;
  readonly #operator: Cluster;
  readonly #matchmakers: MortalMatchmakers;
  readonly #judge = new PairingJudge(subjectsOf);
  readonly #joined = new Map<string, string>();

  private constructor(cluster: TestCluster) {
    this.#cluster = cluster;
    this.#matchmakers = new MortalMatchmakers(cluster, { MATCH_WIDEN_MS: 0 });
    const contexts = openContexts(dialects, cluster.store, dialectLimitsOf(readMatchmakerConfig({})));
    this.#operator = { store: cluster.store, contexts, graceMs: 0 };
  }

  static async open(): Promise<ModeratedQueue> {
    return new ModeratedQueue(await startCluster({ nodes: 0, matchmakers: 0, examined: false }));
  }

  readonly stop = (): Promise<void> => this.#matchmakers.stop();

  /** Runs it, and expects that no pairing was made that must not be, and that nobody is lost. */
  async expectRight({ joins, kills, matchmakers }: Scale): Promise<void> {
    await this.#matchmakers.start(matchmakers);
    const stop = await this.#judge.watch(this.#cluster, QUEUE);
    let isOver = false;
    const operators = Array.from({ length: OPERATORS }, (_, own) =>
      this.#moderate(
        subjects.filter((_subject, at) => at % OPERATORS === own),
        () => isOver,
      ),
    );
    for (let part = 0; part < kills; part += 1) {
      await Promise.all([this.#join(Math.ceil(joins / kills)), this.#matchmakers.killOne(QUEUE)]);
    }
    isOver = true;
    await Promise.all(operators);
    await this.#expectNobodyLost();
    stop();
    const { broken, counts } = this.#judge;
    expect(broken).toEqual([]);
    expect(counts.pairs).toBeGreaterThan(joins / 10); // how many are refused depends on how fast operators are
    expect(Math.min(counts.inPool, counts.marks, this.#judge.refused.size)).toBeGreaterThan(0);
    const { pairs, inPool, marks } = counts;
    process.stdout.write(
      `${this.#joined.size} joined: ${pairs} pairs, ${inPool} of them in the shadow pool, ${this.#judge.refused.size} refused, ${marks} marks of operators\n`,
    );
  }

  /** Bans or shadows a subject of its own, or lifts that, until it is told to stop; then it lifts all. */
  async #moderate(own: readonly Subject[], isOver: () => boolean): Promise<void> {
    const laid = new Map<string, () => Promise<void>>();
    while (!isOver()) {
      const [subject, effect] = [anyOf(own), anyOf(["ban", "shadow", "shadow"] as const)];
      const lift = laid.get(`${effect} ${subject}`);
      if (lift) {
        await lift();
        laid.delete(`${effect} ${subject}`);
      } else {
        const kind = subject.includes("/") ? "network" : "user";
        const mark = (known: "in" | "out" | "open") => PairingJudge.mark(this.#cluster, effect, subject, known);
        await mark("open");
        const { id } = await ban(this.#operator, { effect, kind, whom: subject, reason: "Spam", by: "tests" });
        await mark("in");
        laid.set(`${effect} ${subject}`, async () => {
          await mark("open");
          await unban(this.#operator, id, "tests");
          await mark("out");
        });
        if (kind === "network" && effect === "ban") await laid.get(`${effect} ${subject}`)?.();
        if (kind === "network" && effect === "ban") laid.delete(`${effect} ${subject}`); // too many would be out
      }
      await wait(Math.random() * PAUSE_MS);
    }
    for (const lift of laid.values()) await lift();
  }

  async #join(count: number): Promise<void> {
    const nothing = { interests: [], avoid: [], blocked: [], recent: [], language: undefined, region: undefined };
    const { queues, clock } = this.#cluster.store;
    for (let left = count; left > 0; left -= AT_ONCE) {
      const joining = Array.from({ length: Math.min(AT_ONCE, left) }, () => {
        const [session, user] = [randomUUID(), anyOf(users)];
        this.#joined.set(session, user);
        const origin = { cohort: cohortOf(user), network: networkOf(addressOf(user)) };
        const ticket = { user, since: clock.now(), ...nothing, ...origin };
        return queues.enqueue(QUEUE, session, ticket, { number: 1, epoch: 1, connected: true });
      });
      await Promise.all(joining);
      await until("the queue to be short", async () => (await queues.figures(QUEUE)).waiting < MOST_WAITING);
    }
  }

  /** Each ticket is paired, refused for a ban, or waits; once nothing is in force, of each cohort one user waits at most. */
  async #expectNobodyLost(): Promise<void> {
    const { queues, assignments } = this.#cluster.store;
    const waiting = async () => (await queues.load(QUEUE)).tickets;
    await until("all to be paired who may meet", async () => {
      const left = (await waiting()).map(({ ticket }) => ticket);
      return cohorts.every(
        (cohort) => new Set(left.flatMap((one) => (one.cohort === cohort ? one.user : []))).size < 2,
      );
    });
    await until("the last pairings to be carried out", async () => (await assignments.open(QUEUE)) === 0);
    const left = new Set((await waiting()).map(({ session }) => session));
    const { paired, refused } = this.#judge;
    const isThere = (session: string) => paired.has(session) || refused.has(session) || left.has(session);
    await until("the judge to have seen all", () => [...this.#joined.keys()].every(isThere));
  }
}
