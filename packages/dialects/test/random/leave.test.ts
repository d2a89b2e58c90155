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

const notFound = {
  ok: false,
  error: { code: "room_not_found", message: "You are not in that room.", retryable: false },
};
const notJoined = { ok: false, error: { code: "not_joined", message: "Join first.", retryable: false } };

describe.each(transports)("going, $way", (options) => {
  const pair = async () => {
    const [ann, bob] = await Promise.all([cluster.connect(0, options), cluster.connect(1, options)]);
    return { ann, bob, roomId: await pairClients(ann, bob) };
  };

  test("leave_room: the partner hears partner_disconnected, both are out, neither is queued", async () => {
    const { ann, bob, roomId } = await pair();
    expect(await ann.request("leave_room", { roomId })).toEqual({ ok: true });
    expect(await bob.receive("partner_disconnected")).toEqual({});
    for (const client of [ann, bob]) {
      expect(await client.request("send_message", { roomId, message: "?" })).toEqual(notFound);
      expect(await client.request("offer", { roomId, offer: {} })).toEqual(notFound);
      expect(await client.request("leave_room", { roomId })).toEqual(notFound);
    }
    const cem = await cluster.connect(0, options);
    await cem.join();
    expect(await cem.receive("waiting_for_partner")).toMatchObject({ position: 1 });
    await expectNothingMore(ann, bob, cem);
  });

  test("next: leaves and queues again with the last type and preferences", async () => {
    const [ann, bob] = await Promise.all([cluster.connect(0, options), cluster.connect(1, options)]);
    await pairClients(ann, bob, { type: "video", preferences: { language: "de" } });
    expect(await ann.request("next", {})).toEqual({ ok: true });
    expect(await ann.receive("waiting_for_partner")).toMatchObject({ position: 1 });
    expect(await bob.receive("partner_disconnected")).toEqual({});
    const [cem, dan] = await Promise.all([cluster.connect(1, options), cluster.connect(0, options)]);
    await cem.join({ type: "video", preferences: { language: "fr" } });
    await cem.receive("waiting_for_partner");
    await dan.join({ type: "video", preferences: { language: "de" } });
    expect(await ann.receive("partner_found")).toMatchObject({ partnerId: dan.user, type: "video" });
    expect(await dan.receive("partner_found")).toMatchObject({ partnerId: ann.user, type: "video" });
    await expectNothingMore(ann, bob, cem, dan);
  });

  test("next while waiting repeats the reply, before joining it is refused", async () => {
    const ann = await cluster.connect(0, options);
    expect(await ann.request("next", {})).toEqual(notJoined);
    await ann.join();
    expect(await ann.receive("waiting_for_partner")).toMatchObject({ position: 1 });
    for (const _ of [1, 2]) expect(await ann.request("next", {})).toEqual({ ok: true });
    for (const _ of [1, 2]) expect(await ann.receive("waiting_for_partner")).toMatchObject({ position: 1 });
    await expectNothingMore(ann);
  });

  test("leave_queue: is not paired any more, and can join again", async () => {
    const [ann, bob] = await Promise.all([cluster.connect(0, options), cluster.connect(1, options)]);
    expect(await ann.request("leave_queue", {})).toEqual(notJoined);
    await ann.join();
    await ann.receive("waiting_for_partner");
    for (const _ of [1, 2]) expect(await ann.request("leave_queue", {})).toEqual({ ok: true });
    await bob.join();
    expect(await bob.receive("waiting_for_partner")).toMatchObject({ position: 1 });
    await expectNothingMore(ann, bob);
    await ann.join();
    for (const client of [ann, bob]) await client.receive("partner_found");
    await expectNothingMore(ann, bob);
  });

  test("a client's own disconnect is heard at once", async () => {
    const { ann, bob, roomId } = await pair();
    ann.leave();
    expect(await bob.receive("partner_disconnected")).toEqual({});
    expect(await bob.request("typing", { roomId, isTyping: true })).toEqual(notFound);
    await expectNothingMore(bob);
  });

  test("a client's own disconnect while it waits takes it out of the queue", async () => {
    const [ann, bob] = await Promise.all([cluster.connect(0, options), cluster.connect(1, options)]);
    await ann.join();
    await ann.receive("waiting_for_partner");
    ann.leave();
    await cluster.empty();
    const cem = await cluster.connect(0, options);
    await cem.join();
    expect(await cem.receive("waiting_for_partner")).toMatchObject({ position: 1 });
    await expectNothingMore(cem);
    expect(bob.unread()).toEqual([]);
  });

  test("block_user: the room ends and the two never meet again, whoever looks for whom", async () => {
    const { ann, bob, roomId } = await pair();
    expect(await ann.request("block_user", { roomId: "-", reason: "no" })).toEqual(notFound);
    expect(await ann.request("block_user", { roomId, reason: "rude" })).toEqual({ ok: true });
    expect(await bob.receive("partner_disconnected")).toEqual({});
    for (const client of [bob, ann]) {
      await client.join();
      await client.receive("waiting_for_partner");
    }
    await expectNothingMore(ann, bob);
    const cem = await cluster.connect(0, options);
    await cem.join();
    expect(await bob.receive("partner_found")).toMatchObject({ partnerId: cem.user });
    expect(await cem.receive("partner_found")).toMatchObject({ partnerId: bob.user });
    await expectNothingMore(ann, bob, cem);
  });
});
