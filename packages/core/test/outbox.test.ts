import { randomUUID } from "node:crypto";
import { type Delivery, Outbox, type Packet } from "@switchyard/core";
import type { CoreEventType } from "@switchyard/protocol";
import type { PairSeat } from "@switchyard/store";
import { openTestStore, type TestStore } from "@switchyard/testkit";
import { beforeAll, expect, inject, test } from "vitest";

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore(inject("redisUrl"));
  return opened.close;
});

const user = "ann";
const from = { session: "peer", epoch: 1 };
const pairSeat: PairSeat = {
  kind: "pair",
  queue: "chat",
  peer: "peer",
  partner: "bob",
  initiator: true,
  sharedInterests: [],
};
const memberSeat = { kind: "member", user, profile: {} } as const;

interface Scene {
  readonly outbox: Outbox;
  readonly session: string;
  readonly room: string;
}
/** How the session stands to the room before a verb is used. */
type Standing = "waiting" | "reserved" | "seated" | "entering" | "member";
type Verb = Exclude<keyof Outbox, symbol | "chargedTo">;

/** Each verb, with an event that goes by it and a use of it that reaches the session. */
const verbs: Record<Verb, [CoreEventType, Standing, (scene: Scene, packet: Packet) => Promise<unknown>]> = {
  deliver: ["signal", "seated", ({ outbox, session, room }, packet) => outbox.deliver(session, room, from, packet)],
  deliverToEach: [
    ...(["call-step", "seated"] as const),
    ({ outbox, session, room }, packet) => outbox.deliverToEach([session], room, from, packet),
  ],
  deliverMessage: [
    ...(["said", "seated"] as const),
    ({ outbox, session, room }, packet) => outbox.deliverMessage([session], room, 1, from, packet),
  ],
  deliverChange: [
    ...(["entered", "member"] as const),
    ({ outbox, session, room }, packet) =>
      outbox.deliverChange([session], room, { about: "bob", revision: 2, since: 2, listed: 2 }, packet),
  ],
  announceWait: [
    ...(["waiting", "waiting"] as const),
    ({ outbox, session }, packet) => outbox.announceWait(session, { queue: "chat", number: 1 }, packet),
  ],
  send: ["paired", "seated", ({ outbox, session, room }, packet) => outbox.send(session, packet, room)],
  seat: ["paired", "reserved", ({ outbox, session, room }, packet) => outbox.seat(session, room, pairSeat, packet)],
  admit: ["welcomed", "entering", admit],
  depart: ["departed", "member", ({ outbox, session, room }, packet) => outbox.depart(session, room, 1, packet)],
  unseat: ["partner-left", "seated", ({ outbox, session, room }, packet) => outbox.unseat(session, room, packet)],
  followFeed: [
    ...(["history", "seated"] as const),
    ({ outbox, session }, packet) => outbox.followFeed(session, { epoch: 1, last: "0-0" }, packet),
  ],
  setCallLeg: [
    ...(["answered-elsewhere", "seated"] as const),
    ({ outbox, session, room }, packet) =>
      outbox.setCallLeg(session, room, from, { user: "bob", by: "peer", expected: undefined }, packet),
  ],
  append: [
    ...(["removed", "seated"] as const),
    ({ outbox, session }, packet) =>
      outbox.append(packet, [session], {
        verb: "append",
        write: (one) => opened.store.outboxes.send(one, packet.text),
      }),
  ],
  evict: ["replaced", "seated", ({ outbox, session }, packet) => outbox.evict(session, user, packet)],
};

function admit({ outbox, session, room }: Scene, packet: Packet) {
  const counted = { epoch: 1, attempt: 1, listed: 1 };
  const seating = { ...counted, seat: memberSeat, opening: undefined, members: [], oneAtATime: true };
  return outbox.admit(session, room, seating, packet);
}

async function prepare(scene: Scene, standing: Standing): Promise<void> {
  const { sessions } = opened.store;
  const { outbox, session, room } = scene;
  await sessions.open(session, "random", "secret", "node");
  await sessions.setUser(session, user, undefined, 1);
  if (standing === "entering" || standing === "member") {
    await sessions.beginEntry(session, 1, room);
    if (standing === "member") await admit(scene, packetOf("welcomed"));
    return;
  }
  await sessions.requestTicket(session, 1, "chat", user, "{}");
  if (standing === "waiting") return;
  await sessions.reserve(session, room, { queue: "chat", number: 1 }, "{}");
  if (standing === "seated") await outbox.seat(session, room, pairSeat, packetOf("paired"));
}

const packetOf = (type: CoreEventType): Packet => ({ type, text: `["${type}"]`, trace: undefined });
const noVerbs = ["constructor", "chargedTo"];
const publicVerbs = Object.getOwnPropertyNames(Outbox.prototype).filter((name) => !noVerbs.includes(name));

test.each(publicVerbs)("what goes to a session by %s is observed, once", async (name) => {
  const verb = name as Verb;
  const [type, standing, use] = verbs[verb];
  const seen: Delivery[] = [];
  const outbox = new Outbox(opened.store, (delivery) => seen.push(delivery));
  const scene = { outbox, session: randomUUID(), room: randomUUID() };
  await prepare(scene, standing);
  const before = await opened.store.sessions.read(scene.session);
  seen.length = 0;
  const packet = packetOf(type);
  await use(scene, packet);
  expect(seen).toMatchObject([{ verb, packet, sessions: [scene.session], outcomes: ["delivered"] }]);
  const after = await opened.store.sessions.read(scene.session);
  expect(after?.number).toBe((before?.number ?? 0) + 1);
});

test("somebody answers for what is sent on its behalf: for each receiver, for what is kept and a part of what is sent", async () => {
  const charged: number[] = [];
  const outbox = new Outbox(opened.store).chargedTo((bytes) => charged.push(bytes));
  const to = [randomUUID(), randomUUID()];
  const text = "\u20ac".repeat(3200);
  await outbox.deliverToEach(to.slice(0, 1), "room", from, { ...packetOf("signal"), text });
  await outbox.deliverToEach(to, "room", from, { ...packetOf("signal"), text });
  await outbox.deliverMessage(to, "room", 1, from, { ...packetOf("said"), text, reference: "x".repeat(100) });
  const entry = 96;
  expect(charged).toEqual([entry + 9900, 2 * (entry + 9900), 2 * (entry + 400)]);
});

test("a session that is seated without having been notified that it waits is, first, and both are observed", async () => {
  const seen: Delivery[] = [];
  const outbox = new Outbox(opened.store, (delivery) => seen.push(delivery));
  const scene = { outbox, session: randomUUID(), room: randomUUID() };
  await prepare(scene, "reserved");
  for (const _ of [1, 2])
    await outbox.seat(scene.session, scene.room, pairSeat, packetOf("paired"), packetOf("waiting"));
  expect(seen.map(({ packet }) => packet.type)).toEqual(["paired", "waiting", "paired"]);
  expect((await opened.store.sessions.read(scene.session))?.number).toBe(2);
});

test("what does not reach a session is observed with the reason", async () => {
  const seen: Delivery[] = [];
  const outbox = new Outbox(opened.store, (delivery) => seen.push(delivery));
  await outbox.unseat(randomUUID(), "room", packetOf("partner-left"));
  await outbox.deliverToEach([randomUUID(), randomUUID()], "room", from, packetOf("signal"));
  await outbox.evict(randomUUID(), user, packetOf("replaced"));
  expect(seen.map(({ outcomes }) => outcomes)).toEqual([["absent"], ["unknown", "unknown"], ["unknown"]]);
});

test.each<Verb>(["seat", "depart", "evict", "unseat", "deliverChange"])(
  "%s that finds the event sent is no delivery",
  async (verb) => {
    const [type, standing, use] = verbs[verb];
    const seen: Delivery[] = [];
    const outbox = new Outbox(opened.store, (delivery) => seen.push(delivery));
    const scene = { outbox, session: randomUUID(), room: randomUUID() };
    await prepare(scene, standing);
    await use(scene, packetOf(type));
    const before = await opened.store.sessions.read(scene.session);
    seen.length = 0;
    await use(scene, packetOf(type));
    expect(seen.map(({ outcomes }) => outcomes)).toEqual([[verb === "unseat" ? "absent" : "repeated"]]);
    expect((await opened.store.sessions.read(scene.session))?.number).toBe(before?.number);
  },
);
