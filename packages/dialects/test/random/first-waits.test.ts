import { expectNothingMore, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 2, environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** What somebody receives up to its partner: whether it had to wait before, and what it is told of the partner. */
async function meet(client: TestClient) {
  const [name] = await until("an event", () => client.unread()[0]);
  if (name === "waiting_for_partner") await client.receive(name);
  const { initiator, isRepeatConnection } = await client.receive("partner_found");
  return { hasWaited: name === "waiting_for_partner", initiator, isRepeatConnection };
}

describe.each(["/random", "/"])("at %s", (namespace) => {
  const connect = (count: number) =>
    Promise.all(Array.from({ length: count }, (_, i) => cluster.connect(i % 2, { namespace })));

  test("of two who are paired one waits, and starts the call, also where all come at once", async () => {
    const clients = await connect(12);
    for (const client of clients) client.send("join", { userId: client.user, type: "chat" });
    const met = await Promise.all(clients.map(meet));
    expect(met.filter(({ hasWaited }) => hasWaited)).toHaveLength(6);
    for (const { hasWaited, initiator, isRepeatConnection } of met) {
      expect([initiator, isRepeatConnection]).toEqual([hasWaited, false]);
    }
    await expectNothingMore(...clients);
  });

  test("after `next` it is the same: the one that finds a partner does not wait", async () => {
    const [ann, bob, cem] = (await connect(3)) as [TestClient, TestClient, TestClient];
    await ann.join();
    await ann.receive("waiting_for_partner");
    await bob.join();
    for (const client of [ann, bob]) await client.receive("partner_found");
    await cem.join();
    await cem.receive("waiting_for_partner");
    expect(await ann.request("next", {})).toEqual({ ok: true });
    await bob.receive("partner_disconnected");
    expect(await ann.receive("partner_found")).toMatchObject({ partnerId: cem.user, initiator: false });
    expect(await cem.receive("partner_found")).toMatchObject({ partnerId: ann.user, initiator: true });
    await expectNothingMore(ann, bob, cem);
  });
});
