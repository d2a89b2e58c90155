import { expect, test } from "vitest";
import { type QueueChange, readQueueChange, type Ticket } from "../../src/index.ts";
import { keys } from "../../src/keys.ts";
import type { QueueBan } from "../../src/queue/queue-bans.ts";
import { newId, queuedOf, ticketOf, useBench } from "../workbench.ts";

const bench = useBench();
/** 203.0.113.7, in bits. */
const ADDRESS = "411001011000000000111000100000111";

const shadow = (user: string, more: Partial<QueueBan> = {}): QueueBan => ({
  effect: "shadow",
  subject: `user:user-${user}`,
  ...more,
});

/** A queue in which two wait, a and b, and attempts to pair them. */
async function waiting(one: Partial<Ticket> = {}, two: Partial<Ticket> = {}) {
  const queue = newId();
  const { queues, queueBans, assignments } = bench.store;
  await assignments.prepare(queue);
  for (const [session, more] of [
    ["a", one],
    ["b", two],
  ] as const) {
    const ticket = { ...ticketOf(`user-${session}`), ...more };
    await queues.enqueue(queue, session, ticket, { number: 1, epoch: 1, connected: true });
  }
  return {
    queue,
    replace: (revision: number, ...bans: QueueBan[]) => queueBans.replace(queue, String(revision), bans),
    change: (before: number, revision: number, put: QueueBan[], dropped: QueueBan[] = []) =>
      queueBans.change(queue, { before: String(before), revision: String(revision) }, put, dropped),
    pair: () => queues.commit(queue, queuedOf("a", 1), queuedOf("b", 2), "room"),
    left: async () => (await queues.load(queue)).tickets.map(({ session }) => session),
    open: () => assignments.open(queue),
  };
}

test.for<[string, Partial<Ticket>, Partial<Ticket>]>([
  ["of two cohorts", { cohort: "adults" }, { cohort: "minors" }],
  ["of a cohort and of none", { cohort: "adults" }, {}],
  ["of none and of a cohort", {}, { cohort: "adults" }],
  ["whose cohorts begin alike", { cohort: "a" }, { cohort: "ab" }],
])("Q12: two %s are not paired, and both stay", async ([, one, two]) => {
  const { queue, pair, left, open } = await waiting(one, two);
  const { revision } = await bench.store.queues.load(queue);
  expect([await pair(), await left(), await open()]).toEqual([false, ["a", "b"], 0]);
  expect((await bench.store.queues.load(queue)).revision).toBe(revision);
});

test.for<[string, Partial<Ticket>]>([
  ["of one cohort", { cohort: "16-17" }],
  ["of none", {}],
])("Q12: two %s are paired", async ([, ticket]) => {
  expect(await (await waiting(ticket, ticket)).pair()).toBe(true);
});

test("Q12: nothing that a client says is taken for a cohort", async () => {
  const forged = ['","cohort":"minors', '"cohort":"minors"', "cohort", ":", "minors", '\\","cohort":"minors'];
  const claimed = { interests: forged, avoid: forged, language: '"cohort":"minors"', region: 'x","cohort":"minors' };
  expect(await (await waiting({ ...claimed, user: forged[0] ?? "" }, { cohort: "minors" })).pair()).toBe(false);
  expect(await (await waiting({ ...claimed, cohort: "adults" }, { cohort: "adults" })).pair()).toBe(true);
});

test("Q13: one in the shadow pool is not paired with one outside, and both stay; both inside are paired", async () => {
  const { replace, change, pair, left } = await waiting();
  await replace(1, shadow("a"));
  expect([await pair(), await left()]).toEqual([false, ["a", "b"]]);
  await change(1, 2, [shadow("b", { dialect: "random" })], [shadow("a")]);
  expect([await pair(), await left()]).toEqual([false, ["a", "b"]]);
  await change(2, 3, [shadow("a")]);
  expect([await pair(), await left()]).toEqual([true, []]);
});

test("Q13: by the network, too, and a shadow that is removed is none", async () => {
  const { replace, change, pair } = await waiting({ network: ADDRESS }, { network: `${ADDRESS.slice(0, -1)}0` });
  const network = { effect: "shadow", subject: `network:${ADDRESS.slice(0, -1)}` } as const;
  const address = { effect: "shadow", subject: `network:${ADDRESS}` } as const;
  await replace(1, address);
  expect(await pair()).toBe(false);
  await change(1, 2, [network]);
  expect(await pair()).toBe(true);
  const other = await waiting({ network: ADDRESS });
  await other.replace(1, network);
  await other.change(1, 2, [], [network]);
  expect(await other.pair()).toBe(true);
});

test("Q13: a shadow counts until it is removed, whatever its end, and a mute or a ban of others changes nothing", async () => {
  const { replace, pair } = await waiting();
  await replace(1, shadow("a", { until: 1 }), { effect: "ban", subject: "user:user-c" });
  expect(await pair()).toBe(false);
});

test("Q13: a banned one is out of the queue also where only one of the two is in the shadow pool", async () => {
  const { replace, pair, left } = await waiting();
  await replace(1, shadow("a"), { effect: "ban", subject: "user:user-b" });
  expect([await pair(), await left()]).toEqual([false, ["a"]]);
});

test("Q13: whoever follows the queue learns of shadows with its changes, in their order, and of nothing else", async () => {
  const { queue, replace, change } = await waiting();
  const { revision } = await bench.store.queues.load(queue);
  const changes = await changesOf(queue, async () => {
    await replace(1, { effect: "ban", subject: "user:x" });
    await change(1, 2, [shadow("a"), { effect: "ban", subject: "user:y" }]);
    await change(2, 3, [{ effect: "ban", subject: "user:z" }]);
    await change(3, 4, [shadow("b", { dialect: "random", until: 9e12 })], [shadow("a")]);
    await replace(5, { effect: "ban", subject: "user:x" });
    await replace(6, { effect: "ban", subject: "user:y" });
  });
  expect(changes).toEqual([
    { revision: revision + 1, kind: "shadows", isWhole: false, put: ["everywhere:user:user-a"], dropped: [] },
    {
      revision: revision + 2,
      kind: "shadows",
      isWhole: false,
      put: ["here:user:user-b"],
      dropped: ["everywhere:user:user-a"],
    },
    { revision: revision + 3, kind: "shadows", isWhole: true, put: [], dropped: [] },
  ]);
});

test("Q13: whoever reads a queue learns of all its shadows, thousands of them", async () => {
  const { queue, replace } = await waiting();
  const many = Array.from({ length: 9000 }, (_, i) => shadow(`x${i}`));
  const [change] = await changesOf(queue, () => replace(1, ...many, { effect: "ban", subject: "user:x" }));
  const { revision, shadows } = await bench.store.queues.load(queue);
  expect(shadows.put).toHaveLength(9000);
  expect(change?.kind === "shadows" && change.put.toSorted()).toEqual(shadows.put.toSorted());
  expect([change?.revision, shadows.isWhole, shadows.dropped]).toEqual([revision, true, []]);
});

/** What is published for a queue while something is done. */
async function changesOf(queue: string, act: () => Promise<unknown>): Promise<QueueChange[]> {
  const listener = bench.redis.duplicate();
  const received: string[] = [];
  try {
    listener.on("smessage", (_: string, text: string) => received.push(text));
    await listener.ssubscribe(keys.queueChanges(queue));
    await act();
    await listener.ping(); // answered after what was published before it
  } finally {
    listener.disconnect();
  }
  return received.map(readQueueChange);
}
