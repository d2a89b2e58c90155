import { carryOutAssignment } from "@switchyard/core";
import { expectNothingMore, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { contextOf, pairUpTo, QUEUE } from "./dead-matchmaker.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { MATCH_WIDEN_MS: 600_000, LEASE_MS: 60_000 } });
  return cluster.stop;
});
let pair: [TestClient, TestClient];
beforeEach(async () => {
  pair = [await cluster.connect(0), await cluster.connect(1)];
  for (const client of pair) await client.join();
});
afterEach(async () => {
  await cluster.empty();
  await Promise.all(cluster.matchmakers.splice(0).map((matchmaker) => matchmaker.stop()));
});

test.each(["committed", "taken", "one reserved", "both reserved", "opened"] as const)(
  "a matchmaker dies when a pairing is %s: another carries it out",
  async (point) => {
    const roomId = await pairUpTo(cluster, point);
    await expectNothingMore(...pair);
    await cluster.start("matchmaker");
    await pair[0].receive("waiting_for_partner");
    for (const client of pair) expect(await client.receive("partner_found")).toMatchObject({ roomId });
    await until("the assignment to be done with", async () => (await cluster.store.assignments.open(QUEUE)) === 0);
    await expectNothingMore(...pair);
  },
);

/** Both receive each other, and one of them before that that it waits: that one, which nobody was there for, starts the call. */
async function expectToMeet(one: TestClient, two: TestClient): Promise<void> {
  const beforehand = await Promise.all(
    [one, two].map(async (client, i) => {
      const [first] = await until("an event", () => client.unread()[0]);
      if (first === "waiting_for_partner") await client.receive(first);
      const { partnerId, initiator } = await client.receive("partner_found");
      expect(partnerId).toBe([two, one][i]?.user);
      expect(initiator).toBe(first === "waiting_for_partner");
      return first;
    }),
  );
  expect(beforehand.toSorted()).toEqual(["partner_found", "waiting_for_partner"]);
}

/** Resolves when nothing is left of it. */
async function leave(client: TestClient): Promise<void> {
  const session = String(client.socket.id);
  client.leave();
  await until("its session to be gone", async () => !(await cluster.store.sessions.exists(session)));
}

test.each(["committed", "one reserved", "opened"] as const)(
  "one of the two goes while a pairing is %s: the other waits on at its old place",
  async (point) => {
    const [one, two] = pair;
    const third = await cluster.connect(0);
    await third.join();
    await pairUpTo(cluster, point);
    await leave(one);
    await cluster.start("matchmaker");
    await expectToMeet(two, third);
    await expectNothingMore(two, third);
    expect(await cluster.store.presence.rooms("random")).toBe(1);
    await until("the assignment to be done with", async () => (await cluster.store.assignments.open(QUEUE)) === 0);
    await expectNothingMore(two, third);
  },
);

test.each(["committed", "both reserved"] as const)(
  "one of the two takes its wish back while a pairing is %s: the other waits on",
  async (point) => {
    const [one, two] = pair;
    await pairUpTo(cluster, point);
    expect(await one.request("leave_queue", {})).toEqual({ ok: true });
    await cluster.start("matchmaker");
    const third = await cluster.connect(0);
    await third.join();
    await expectToMeet(two, third);
    await expectNothingMore(one, two, third);
  },
);

test("a matchmaker dies between telling the one and the other: what the one says meanwhile reaches the other, once, in order", async () => {
  const [one, two] = pair;
  const roomId = await pairUpTo(cluster, "one told");
  await one.receive("waiting_for_partner");
  expect(await one.receive("partner_found")).toMatchObject({ roomId, partnerId: two.user });
  const answers = [
    one.request("offer", { roomId, offer: { i: 0 } }),
    one.request("ice_candidate", { roomId, candidate: { i: 1 } }),
    one.request("ice_candidate", { roomId, candidate: { i: 2 } }),
    one.request("send_message", { roomId, message: "hello" }),
    one.request("ice_candidate", { roomId, candidate: { i: 3 } }),
    one.request("typing", { roomId, isTyping: true }),
    one.request("send_message", { roomId, message: "hello?" }),
  ];
  await cluster.start("matchmaker");
  for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ ok: true });
  expect(await two.receive("partner_found")).toMatchObject({ roomId, partnerId: one.user });
  expect(await two.receive("offer")).toEqual({ offer: { i: 0 } });
  for (const i of [1, 2]) expect(await two.receive("ice_candidate")).toEqual({ candidate: { i } });
  expect(await two.receive("new_message")).toMatchObject({ text: "hello" });
  expect(await two.receive("ice_candidate")).toEqual({ candidate: { i: 3 } });
  expect(await two.receive("user_typing")).toEqual({ isTyping: true });
  expect(await two.receive("new_message")).toMatchObject({ text: "hello?" });
  await expectNothingMore(...pair);
});

test("who was told of its partner and says something, while that one goes, is told that it has", async () => {
  const [one, two] = pair;
  const roomId = await pairUpTo(cluster, "one told");
  for (const event of ["waiting_for_partner", "partner_found"]) await one.receive(event);
  const answer = one.request("offer", { roomId, offer: {} });
  two.leave();
  expect((await answer).error?.code).toBe("room_not_found");
  await one.receive("partner_disconnected");
  await expectNothingMore(one);
});

/** Carries out all that is committed. */
async function carryOutAll(): Promise<void> {
  const { store } = cluster;
  const context = contextOf(store);
  for (const assignment of await store.assignments.list(QUEUE, 10)) await carryOutAssignment(context, assignment);
}

const order = async () => (await cluster.store.queues.load(QUEUE)).tickets.map(({ session }) => session);

test("who asks for something else while it is being paired keeps its place, and so does the other", async () => {
  const clients = [...pair, await cluster.connect(0)];
  const [one, , third] = clients as [TestClient, TestClient, TestClient];
  await third.join();
  const before = (await cluster.store.queues.load(QUEUE)).tickets;
  await pairUpTo(cluster, "committed");
  expect(await one.join({ preferences: { interests: ["chess"] } })).toEqual({ ok: true });
  await carryOutAll();
  expect(await order()).toEqual(clients.map(({ socket }) => socket.id));
  const [repeated, other] = (await cluster.store.queues.load(QUEUE)).tickets;
  expect(repeated?.ticket.interests).toEqual(["chess"]);
  expect(other?.ticket).toEqual(before[1]?.ticket);
});

test("it keeps it also where the pairing is carried out before the new ticket is in the queue", async () => {
  const clients = [...pair, await cluster.connect(0)];
  const [one, two, third] = clients as [TestClient, TestClient, TestClient];
  await third.join();
  await pairUpTo(cluster, "committed");
  const { sessions, queues } = cluster.store;
  const session = String(one.socket.id);
  const opening = String((await sessions.read(session))?.opening);
  const asked = await sessions.requestTicket(session, 1, QUEUE, one.user, opening);
  if (typeof asked === "string") throw new Error(asked);
  await carryOutAll();
  const ticket = (await queues.find(QUEUE, [String(two.socket.id)]))[0]?.ticket;
  if (!ticket) throw new Error("the other one is to wait");
  const { number } = asked.ticket;
  await queues.enqueue(QUEUE, session, { ...ticket, user: one.user }, { number, epoch: 1, connected: true });
  expect(await order()).toEqual(clients.map(({ socket }) => socket.id));
});
