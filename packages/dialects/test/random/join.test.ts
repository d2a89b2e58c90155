import { expectNothingMore, pairClients, startCluster, type TestCluster } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { transports } from "./transports.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const waiting = (position: number) => ({ position, estimatedWaitMs: expect.any(Number) });
const german = { preferences: { language: "de" } };
const french = { preferences: { language: "fr" } };

describe.each(transports)("join $way", (options) => {
  const two = () => Promise.all([cluster.connect(0, options), cluster.connect(1, options)]);

  test.each(["chat", "video"])("of two who want %s the first waits, and both are told of each other", async (type) => {
    const [ann, bob] = await two();
    expect(await ann.join({ type })).toEqual({ ok: true });
    expect(await ann.receive("waiting_for_partner")).toEqual(waiting(1));
    expect(await bob.join({ type, preferences: {} })).toEqual({ ok: true });
    const [toAnn, toBob] = await Promise.all([ann.receive("partner_found"), bob.receive("partner_found")]);
    const both = { roomId: expect.stringMatching(/./), type, sharedInterests: [], isRepeatConnection: false };
    expect(toAnn).toEqual({ ...both, partnerId: bob.user, initiator: true });
    expect(toBob).toEqual({ ...both, partnerId: ann.user, initiator: false, roomId: toAnn["roomId"] });
    await expectNothingMore(ann, bob);
  });

  test("without a callback the same is told, and nothing else", async () => {
    const [ann, bob] = await two();
    ann.send("join", { userId: ann.user, type: "chat" });
    await ann.receive("waiting_for_partner");
    bob.send("join", { userId: bob.user, type: "chat" });
    for (const client of [ann, bob]) await client.receive("partner_found");
    await expectNothingMore(ann, bob);
  });

  test("text and video don't meet", async () => {
    const [ann, bob] = await two();
    await ann.join({ type: "chat" });
    await bob.join({ type: "video" });
    await ann.receive("waiting_for_partner");
    expect(await bob.receive("waiting_for_partner")).toEqual(waiting(1));
    await expectNothingMore(ann, bob);
  });

  test("the same again while waiting changes nothing; the reply is repeated", async () => {
    const [ann, bob] = await two();
    await ann.join(german);
    expect(await ann.receive("waiting_for_partner")).toEqual(waiting(1));
    await bob.join(french);
    expect(await bob.receive("waiting_for_partner")).toEqual(waiting(2));
    for (const _ of [1, 2]) expect(await ann.join(german)).toEqual({ ok: true });
    for (const _ of [1, 2]) expect(await ann.receive("waiting_for_partner")).toEqual(waiting(1));
    await expectNothingMore(ann, bob);
  });

  test("the same again in a room changes nothing; the reply is repeated", async () => {
    const [ann, bob] = await two();
    await pairClients(ann, bob);
    const found = ann.received.at(-1)?.args[0];
    expect(await ann.join()).toEqual({ ok: true });
    expect(await ann.receive("partner_found")).toEqual(found);
    await expectNothingMore(ann, bob);
  });

  test("other preferences while waiting keep the place, another type is another queue", async () => {
    const [ann, bob] = await two();
    await ann.join(german);
    await bob.join(french);
    for (const client of [ann, bob]) await client.receive("waiting_for_partner");
    await ann.join({ preferences: { language: "it" } });
    expect(await ann.receive("waiting_for_partner")).toEqual(waiting(1));
    await ann.join({ type: "video" });
    expect(await ann.receive("waiting_for_partner")).toEqual(waiting(1));
    await bob.join(french);
    expect(await bob.receive("waiting_for_partner")).toEqual(waiting(1));
    await expectNothingMore(ann, bob);
  });

  test("updated preferences count at once", async () => {
    const [ann, bob] = await two();
    await ann.join(german);
    await bob.join(french);
    for (const client of [ann, bob]) await client.receive("waiting_for_partner");
    await ann.join(french);
    expect(await ann.receive("partner_found")).toMatchObject({ partnerId: bob.user });
    expect(await bob.receive("partner_found")).toMatchObject({ partnerId: ann.user });
    await expectNothingMore(ann, bob);
  });

  test("something else while in a room leaves that room first", async () => {
    const [ann, bob] = await two();
    const roomId = await pairClients(ann, bob);
    expect(await ann.join({ type: "video" })).toEqual({ ok: true });
    expect(await ann.receive("waiting_for_partner")).toEqual(waiting(1));
    expect(await bob.receive("partner_disconnected")).toEqual({});
    for (const client of [ann, bob]) {
      expect(await client.request("send_message", { roomId, message: "?" })).toMatchObject({ ok: false });
    }
    await expectNothingMore(ann, bob);
  });

  test("the same again after the room has ended queues again", async () => {
    const [ann, bob] = await two();
    const roomId = await pairClients(ann, bob);
    await bob.request("leave_room", { roomId });
    await ann.receive("partner_disconnected");
    expect(await ann.join()).toEqual({ ok: true });
    expect(await ann.receive("waiting_for_partner")).toEqual(waiting(1));
    await expectNothingMore(ann, bob);
  });

  test("nobody meets themselves", async () => {
    const [ann, other] = await two();
    await ann.join();
    await ann.receive("waiting_for_partner");
    expect(await other.request("join", { userId: ann.user, type: "chat" })).toEqual({ ok: true });
    await other.receive("waiting_for_partner");
    expect(await ann.receive("error")).toMatchObject({ type: "replaced" });
    await expectNothingMore(ann, other);
  });
});
