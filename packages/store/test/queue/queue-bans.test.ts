import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import type { QueueBan } from "../../src/queue/queue-bans.ts";
import { newId, queuedOf, ticketOf, useBench } from "../workbench.ts";

const bench = useBench();
const FAR = 9e12;
/** 203.0.113.7, in bits. */
const ADDRESS = "411001011000000000111000100000111";

const userBan = (session: string, more: Partial<QueueBan> = {}): QueueBan => ({
  effect: "ban",
  subject: `user:user-${session}`,
  ...more,
});
const ban = (subject: string): QueueBan => ({ effect: "ban", subject });

/** A queue in which three wait, and an attempt to pair the first two. */
async function waiting(network?: string) {
  const queue = newId();
  const { queues, queueBans, assignments } = bench.store;
  await assignments.prepare(queue);
  for (const session of ["a", "b", "c"]) {
    const ticket = { ...ticketOf(`user-${session}`), ...(session === "a" && network ? { network } : {}) };
    await queues.enqueue(queue, session, ticket, { number: 1, epoch: 1, connected: true });
  }
  return {
    queue,
    lay: (revision: number, ...bans: QueueBan[]) => queueBans.replace(queue, String(revision), bans),
    pair: (one = "a", two = "b") => queues.commit(queue, queuedOf(one, 1), queuedOf(two, 2), "room"),
    left: async () => (await queues.load(queue)).tickets.map(({ session }) => session),
    open: () => assignments.open(queue),
  };
}

test("Q10: a banned user is not paired and is out of the queue; the other one stays, and is paired with a third", async () => {
  const { queue, lay, pair, left, open } = await waiting();
  await lay(1, userBan("a", { until: FAR }));
  const { revision } = await bench.store.queues.load(queue);
  expect(await pair()).toBe(false);
  expect([await left(), await open()]).toEqual([["b", "c"], 0]);
  expect((await bench.store.queues.load(queue)).revision).toBe(revision + 1);
  expect(await pair("b", "c")).toBe(true);
});

test("Q10: the second of the two, or both", async () => {
  const one = await waiting();
  await one.lay(1, userBan("b", { dialect: "random" }));
  expect([await one.pair(), await one.left()]).toEqual([false, ["a", "c"]]);
  const both = await waiting();
  await both.lay(1, userBan("a"), userBan("b"));
  expect([await both.pair(), await both.left(), await both.open()]).toEqual([false, ["c"], 0]);
});

test("Q10: a ban that is over, or on others, is none", async () => {
  const { lay, pair } = await waiting(ADDRESS);
  await lay(1, userBan("a", { until: 1 }), userBan("c"), ban("network:411001011000000000111000100000110"));
  expect(await pair()).toBe(true);
});

test.for([
  ["its address", ADDRESS],
  ["its /24", ADDRESS.slice(0, 25)],
  ["its /8", ADDRESS.slice(0, 9)],
])("Q10: by %s", async ([, bits]) => {
  const { lay, pair, left } = await waiting(ADDRESS);
  await lay(1, ban(`network:${bits}`));
  expect([await pair(), await left()]).toEqual([false, ["b", "c"]]);
});

test("Q10: by the /48 of an IPv6 address", async () => {
  const address = `6${"0010000000000001".repeat(4)}`;
  const { lay, pair } = await waiting(address);
  await lay(1, ban(`network:${address.slice(0, 49)}`));
  expect(await pair()).toBe(false);
});

test("Q11: changes apply to the revision that they follow, and to no other", async () => {
  const { queueBans } = bench.store;
  const { queue, pair } = await waiting();
  expect(await queueBans.change(queue, { before: "0", revision: "5" }, [userBan("a")], [])).toBe("5");
  expect(await queueBans.change(queue, { before: "4", revision: "6" }, [userBan("b")], [])).toBe("5");
  expect(await queueBans.change(queue, { before: "5", revision: "7" }, [userBan("c")], [userBan("a")])).toBe("7");
  expect(await queueBans.change(queue, { before: "0", revision: "5" }, [userBan("a")], [])).toBe("7"); // it was slow
  expect(await pair()).toBe(true);
});

test("Q11: a whole list takes the place of an older one, and of no newer one", async () => {
  const { queueBans } = bench.store;
  const { queue, pair } = await waiting();
  await queueBans.replace(queue, "9", [userBan("a"), userBan("c")]);
  expect(await queueBans.replace(queue, "8", [userBan("b")])).toBe("9");
  expect(await queueBans.replace(queue, "12", [userBan("c")])).toBe("12");
  expect(await bench.redis.hgetall(keys.queueBanned(queue))).toEqual({
    revision: "12",
    lengths: "{}",
    "everywhere:user:user-c": "never",
  });
  expect(await pair()).toBe(true);
});

test("Q11: a ban in one dialect and one everywhere of the same user are two", async () => {
  const { queueBans } = bench.store;
  const { queue, pair } = await waiting();
  await queueBans.replace(queue, "1", [userBan("a"), userBan("a", { dialect: "random" })]);
  await queueBans.change(queue, { before: "1", revision: "2" }, [], [userBan("a")]);
  expect(await pair()).toBe(false);
});

test("Q11: ten thousand bans are one list, and lengths of networks are counted as bans come and go", async () => {
  const { queueBans } = bench.store;
  const { queue, pair } = await waiting(ADDRESS);
  const many = Array.from({ length: 10_000 }, (_, i) => userBan(`other-${i}`));
  const networks = [9, 25, 25].map((length, i) => ban(`network:${ADDRESS.slice(0, length - 1)}${i % 2}`));
  await queueBans.replace(queue, "1", [...many, ...networks, ban("user:x:network:4")]);
  const lengths = async () => JSON.parse((await bench.redis.hget(keys.queueBanned(queue), "lengths")) ?? "");
  expect(await lengths()).toEqual({ 9: 1, 25: 2 });
  expect(await queueBans.change(queue, { before: "1", revision: "2" }, [], networks.slice(1))).toBe("2");
  expect(await lengths()).toEqual({ 9: 1 });
  await queueBans.change(queue, { before: "2", revision: "3" }, [ban(`network:${ADDRESS}`)], networks);
  expect(await lengths()).toEqual({ 33: 1 });
  expect(await pair()).toBe(false);
});
