import {
  expectNothingMore,
  pairClients,
  startCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { transports } from "./transports.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const replaced = { type: "replaced", message: "You are connected from somewhere else now." };

describe.each(transports)("the same user from a new connection, $way", (options) => {
  const connect = (node: number) => cluster.connect(node, options);
  const joinAs = (client: TestClient, { user }: TestClient) => client.request("join", { userId: user, type: "chat" });

  test("while in a room: the old one is out and told, its partner hears that it left, the connection stays", async () => {
    const [old, partner, fresh] = await Promise.all([connect(0), connect(1), connect(1)]);
    const roomId = await pairClients(old, partner);
    expect(await joinAs(fresh, old)).toEqual({ ok: true });
    expect(await old.receive("error")).toEqual(replaced);
    expect(await partner.receive("partner_disconnected")).toEqual({});
    expect(await fresh.receive("waiting_for_partner")).toMatchObject({ position: 1 });
    for (const event of ["next", "leave_queue"]) expect((await old.request(event, {})).error?.code).toBe("not_joined");
    expect((await old.request("typing", { roomId, isTyping: true })).error?.code).toBe("not_joined");
    expect(old.socket.connected).toBe(true);
    expect(old.connects).toBe(1);
    await expectNothingMore(old, partner, fresh);
  });

  test("while waiting: the new one waits, the old one doesn't", async () => {
    const [old, fresh, cem, dan] = await Promise.all([connect(0), connect(1), connect(0), connect(1)]);
    await old.join();
    await old.receive("waiting_for_partner");
    await joinAs(fresh, old);
    expect(await fresh.receive("waiting_for_partner")).toMatchObject({ position: 1 });
    expect(await old.receive("error")).toEqual(replaced);
    await cem.join();
    expect(await cem.receive("partner_found")).toMatchObject({ partnerId: old.user });
    await fresh.receive("partner_found");
    await dan.join();
    await dan.receive("waiting_for_partner");
    await expectNothingMore(old, fresh, cem, dan);
  });

  test("the old one may join again, and takes over in its turn", async () => {
    const [old, fresh] = await Promise.all([connect(0), connect(1)]);
    await old.join();
    await old.receive("waiting_for_partner");
    await joinAs(fresh, old);
    await fresh.receive("waiting_for_partner");
    await old.receive("error");
    await old.join();
    expect(await old.receive("waiting_for_partner")).toMatchObject({ position: 1 });
    expect(await fresh.receive("error")).toEqual(replaced);
    await expectNothingMore(old, fresh);
  });

  test("another user on the same connection is somebody else", async () => {
    const [ann, bob] = await Promise.all([connect(0), connect(1)]);
    await pairClients(ann, bob);
    expect(await ann.request("join", { userId: `${ann.user}-2`, type: "chat" })).toEqual({ ok: true });
    await ann.receive("waiting_for_partner");
    expect(await bob.receive("partner_disconnected")).toEqual({});
    await ann.request("leave_queue", {});
    const cem = await connect(0);
    expect(await joinAs(cem, ann)).toEqual({ ok: true });
    await cem.receive("waiting_for_partner");
    await expectNothingMore(ann, bob, cem);
  });

  test("many at once: one of them stands for the user, all others are told", async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, (_, i) => connect(i % 2)));
    const [first] = clients as [TestClient];
    await Promise.all(clients.map((client) => joinAs(client, first)));
    const partner = await connect(0);
    await partner.join();
    expect(await partner.receive("partner_found")).toMatchObject({ partnerId: first.user });
    await expectNothingMore(partner);
    for (const client of clients) await client.caughtUp();
    const last = clients.map((client) => client.unread().at(-1));
    expect(last.filter(([name]: unknown[] = []) => name === "partner_found")).toHaveLength(1);
    expect(last.filter(([name]: unknown[] = []) => name === "error")).toHaveLength(7);
  });

  test.each([true, false])(
    "many at once, acknowledged: %s. Who is replaced is told so once, and of no failure",
    async (isAsked) => {
      for (let round = 0; round < 10; round += 1) {
        const clients = await Promise.all(Array.from({ length: 4 }, (_, i) => connect(i % 2)));
        const [first] = clients as [TestClient];
        if (!isAsked) for (const client of clients) client.send("join", { userId: first.user, type: "chat" });
        const answers = isAsked ? await Promise.all(clients.map((client) => joinAs(client, first))) : [];
        expect([undefined, "replaced"]).toEqual(expect.arrayContaining(answers.map(({ error }) => error?.code)));
        const errors = () => clients.map((client) => client.unread().filter(([name]) => name === "error"));
        await until("all but one to be told", () => errors().filter((delivered) => delivered.length > 0).length === 3);
        for (const client of clients) await client.caughtUp();
        for (const delivered of errors()) expect([[], [["error", replaced]]]).toContainEqual(delivered);
        for (const client of clients) client.leave();
      }
    },
  );
});
