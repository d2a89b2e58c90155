import { openTestStore, type TestStore, until } from "@switchyard/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { PairingRig } from "./pairing-rig.ts";

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore(inject("redisUrl"));
});
afterAll(() => opened.close());

let rig: PairingRig;
beforeEach(async () => {
  rig = new PairingRig(opened);
  await rig.pairer.begin();
});
afterEach(() => rig.stop());

const pairs = async () => (await rig.pairings()).map(({ one, two }) => [one.session, two.session]);
const untilPaired = (count: number) => until("them to be paired", async () => (await pairs()).length === count);

test("who waits again before the reply to its pairing comes is not forgotten", async () => {
  rig.replies.late.add("commit");
  await rig.enqueue("ann");
  await rig.enqueue("bob");
  await until("the pairing", () => rig.replies.size === 1);
  await rig.enqueue("ann", { number: 2 }, 1); // another matchmaker found that bob had gone
  await until("it to be told", () => rig.pairer.waiting === 1);
  rig.replies.late.clear();
  rig.replies.come();
  await rig.enqueue("cem");
  await untilPaired(2);
  expect((await pairs())[1]).toEqual(["ann", "cem"]);
});

test("who was paired again before the first reply comes is paired once more only", async () => {
  rig.replies.late.add("commit");
  await rig.enqueue("ann");
  await rig.enqueue("bob");
  await until("the pairing", () => rig.replies.size === 1);
  await rig.enqueue("ann", { number: 2 }, 1);
  await rig.enqueue("cem");
  await until("the second pairing", () => rig.replies.size === 2);
  rig.replies.come(1);
  await rig.enqueue("dan");
  await rig.notified();
  rig.replies.late.clear();
  rig.replies.come();
  await rig.enqueue("eve");
  await untilPaired(3);
  expect((await pairs()).slice(1)).toEqual([
    ["ann", "cem"],
    ["dan", "eve"],
  ]);
});

test("what was looked at before a ticket changed does not count after that", async () => {
  rig.replies.late.add("find");
  rig.replies.before = async (method) => {
    if (method !== "commit") return;
    rig.replies.before = async () => {};
    await rig.setTicketConnected("ann", 1, 1, false); // so it is refused, and looks
  };
  await rig.enqueue("ann");
  await rig.enqueue("bob");
  await until("it to have looked", () => rig.replies.size === 1);
  await rig.setTicketConnected("ann", 1, 2, true);
  await rig.notified();
  rig.replies.late.clear();
  rig.replies.come();
  await untilPaired(1);
  expect(await pairs()).toEqual([["ann", "bob"]]);
});

test("who is gone when it is looked at, and comes again before that is answered, is there", async () => {
  rig.replies.late.add("find");
  rig.replies.before = async (method) => {
    if (method !== "commit") return;
    rig.replies.before = async () => {};
    await rig.store.queues.dequeue("ann", { queue: rig.queue, number: 1 });
  };
  await rig.enqueue("ann");
  await rig.enqueue("bob");
  await until("it to have looked", () => rig.replies.size === 1);
  await rig.enqueue("ann", { number: 2 });
  await rig.notified();
  rig.replies.late.clear();
  rig.replies.come();
  await untilPaired(1);
  expect(await pairs()).toEqual([["bob", "ann"]]);
});

test("nobody is paired across cohorts, however long both wait", async () => {
  await rig.enqueue("ann", {}, undefined, { cohort: "minors", since: 0 });
  await rig.enqueue("bob", {}, undefined, { since: 0 });
  await rig.enqueue("cem", {}, undefined, { cohort: "adults", since: 0 });
  await rig.enqueue("dan", {}, undefined, { cohort: "minors", since: 0 });
  await rig.enqueue("eve", {}, undefined, { since: 0 });
  await untilPaired(2);
  expect(await pairs()).toEqual([
    ["ann", "dan"],
    ["bob", "eve"],
  ]);
  expect(rig.pairer.waiting).toBe(1);
});

test("those who wait already are moved when the shadow pool changes, and meet those whom they may meet now", async () => {
  const { queueBans } = rig.store;
  const shadow = (user: string) => ({ effect: "shadow", subject: `user:${user}` }) as const;
  const shadowPool = (revision: number, ...users: string[]) =>
    queueBans.replace(rig.queue, String(revision), users.map(shadow));
  await rig.enqueue("ann", {}, undefined, { blocked: ["bob"] });
  await rig.enqueue("bob");
  await shadowPool(1, "ann");
  await rig.enqueue("cem"); // ann is before bob
  await untilPaired(1);
  await rig.enqueue("dan");
  await rig.notified();
  expect(rig.pairer.waiting).toBe(2);
  await shadowPool(2, "ann", "dan");
  await untilPaired(2);
  await rig.enqueue("eve");
  await shadowPool(3, "ann", "dan", "eve");
  await rig.enqueue("fay");
  await rig.notified();
  expect(rig.pairer.waiting).toBe(2);
  await shadowPool(4, "ann", "dan");
  await untilPaired(3);
  expect(await pairs()).toEqual([
    ["bob", "cem"],
    ["ann", "dan"],
    ["eve", "fay"],
  ]);
});

test("a matchmaker that takes the lead knows who is in the shadow pool", async () => {
  const { queueBans } = rig.store;
  const changes = { before: "0", revision: "1" };
  await queueBans.change(rig.queue, changes, [{ effect: "shadow", subject: "network:4110" }], []);
  rig.pairer.startAgain();
  await rig.enqueue("ann", {}, undefined, { network: "411000" });
  await rig.enqueue("bob", {}, undefined, { network: "411100" });
  await rig.enqueue("cem", {}, undefined, { network: "411011" });
  await untilPaired(1);
  expect(await pairs()).toEqual([["ann", "cem"]]);
});
