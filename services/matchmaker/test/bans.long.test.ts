import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { ban, type Cluster, unban } from "@switchyard/core";
import { dialectLimitsOf, dialects, openContexts } from "@switchyard/dialects";
import { openMonitor, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { readMatchmakerConfig } from "../src/config.ts";
import { MortalMatchmakers } from "./mortal-matchmakers.ts";

const JOINS = 5000;
const AT_ONCE = 25;
const KILLS = 4;
const OPERATORS = 3;
const users = Array.from({ length: 60 }, (_, i) => `user-${i}`);
const anyUser = () => users[Math.floor(Math.random() * users.length)] ?? "";

let cluster: TestCluster;
let operator: Cluster;
let matchmakers: MortalMatchmakers;
beforeAll(async () => {
  // tickets without sessions: pairings are made final, and are void when they are carried out
  cluster = await startCluster({ nodes: 0, matchmakers: 0, examined: false });
  matchmakers = new MortalMatchmakers(cluster, { MATCH_WIDEN_MS: 0 });
  const contexts = openContexts(dialects, cluster.store, dialectLimitsOf(readMatchmakerConfig({})));
  operator = { store: cluster.store, contexts, graceMs: 0 };
  return matchmakers.stop;
});
beforeAll(() => matchmakers.start(3));

/** What Redis did, in its order: pairings that were made final, and marks of bans that were acknowledged, or are being lifted. */
async function watch() {
  const banned = new Set<string>();
  const broken: string[] = [];
  const counts = { pairs: 0, bans: 0, lifted: 0 };
  const stop = await openMonitor(cluster.redis, ([name = "", mark = "", ...rest]) => {
    if (/^echo$/i.test(name)) {
      const [verb = "", user = ""] = mark.split(" ");
      if (verb === "banned") banned.add(user);
      else banned.delete(user);
      counts[verb === "banned" ? "bans" : "lifted"] += 1;
    } else if (/^xadd$/i.test(name) && mark.endsWith(":assignments")) {
      counts.pairs += 1;
      const tickets = rest.filter((text) => text.startsWith("{")).map((text) => JSON.parse(text) as { user: string });
      broken.push(...tickets.map(({ user }) => user).filter((user) => banned.has(user)));
    }
  });
  return { banned, broken, counts, stop };
}

/** Bans and lifts bans, of users of its own, until it is told to stop. */
async function moderate(own: readonly string[], isOver: () => boolean): Promise<void> {
  const laid = new Map<string, string>();
  while (!isOver()) {
    const user = own[Math.floor(Math.random() * own.length)] ?? "";
    const id = laid.get(user);
    if (id === undefined) {
      laid.set(user, (await ban(operator, { kind: "user", whom: user, reason: "Spam", by: "tests" })).id);
      await cluster.redis.echo(`banned ${user}`);
    } else {
      await cluster.redis.echo(`lifting ${user}`);
      await unban(operator, id, "tests");
      laid.delete(user);
    }
    await wait(Math.random() * 5);
  }
}

async function joinAll(): Promise<void> {
  const nothing = { interests: [], avoid: [], blocked: [], recent: [], language: undefined, region: undefined };
  const { queues, clock } = cluster.store;
  for (let joined = 0; joined < JOINS; joined += AT_ONCE) {
    const joining = Array.from({ length: AT_ONCE }, () => {
      const ticket = { user: anyUser(), since: clock.now(), ...nothing };
      return queues.enqueue("chat", randomUUID(), ticket, { number: 1, epoch: 1, connected: true });
    });
    await Promise.all(joining);
    await wait(Math.random() * 10);
  }
}

test("10,000 join while bans come and go and matchmakers are killed: no user is paired whose ban was acknowledged", async () => {
  const { broken, counts, stop } = await watch();
  let isOver = false;
  const operators = Array.from({ length: OPERATORS }, (_, i) =>
    moderate(
      users.filter((_user, at) => at % OPERATORS === i),
      () => isOver,
    ),
  );
  const killing = (async () => {
    for (let i = 0; i < KILLS; i += 1) await matchmakers.killOne("chat");
  })();
  await Promise.all([joinAll(), killing]);
  await joinAll();
  isOver = true;
  await Promise.all(operators);
  await until("the last pairings to be seen", async () => (await cluster.store.assignments.open("chat")) === 0);
  stop();
  expect(broken).toEqual([]);
  expect(counts.pairs).toBeGreaterThan(JOINS / 4);
  expect(Math.min(counts.bans, counts.lifted)).toBeGreaterThan(users.length);
});
