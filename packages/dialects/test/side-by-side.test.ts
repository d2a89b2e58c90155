import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import type { Scene } from "./contract/driver.ts";
import { drivers } from "./contract/drivers.ts";
import { ask, receivedBy } from "./contract/hearing.ts";
import { served } from "./contract/served.ts";
import { driver as match } from "./match/driver.ts";
import { patient } from "./patient.ts";
import { driver as rooms } from "./rooms/driver.ts";

/** Everybody uses the same ids for everything: what keeps the dialects apart is not that their names differ. */
const ID = "the-same";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ dialects: served, environment: patient });
  return cluster.stop;
});

/** Two clients at the root namespace, on two nodes, who meet as their dialect has it. */
async function play({ auth, play: act }: Scene): Promise<readonly [TestClient, TestClient]> {
  const connect = async (name: "ann" | "bob", node: number) =>
    cluster.connect(node, { namespace: "/", auth: (await auth?.(cluster, name)) ?? {} });
  const [ann, bob] = await Promise.all([connect("ann", 0), connect("bob", 1)]);
  await act(ann, bob, ID);
  return [ann, bob];
}

test("clients of all dialects at the root namespace at once: each is served, and sees nothing of the others", async () => {
  const pairs = await Promise.all(
    drivers.map(async ({ dialect, scene }) => ({ dialect, scene, clients: await play(scene) })),
  );
  for (const { dialect, scene, clients } of pairs) {
    for (const client of clients) {
      const strange = client.received.filter(({ name }) => !scene.events.includes(name));
      expect(strange, dialect).toEqual([]);
      expect(
        client.counts.every(() => dialect === "random"),
        dialect,
      ).toBe(true);
    }
    expect(await cluster.store.presence.count(dialect), dialect).toBe(2);
  }
  for (const { clients } of pairs) clients[0].leave();
  for (const { dialect, scene, clients } of pairs) {
    if (scene.goodbye !== undefined) await receivedBy(clients[1], scene.goodbye);
    await until("one of two to be gone", async () => (await cluster.store.presence.count(dialect)) === 1);
  }
});

test("a user of one dialect is nobody in another: not by the same ids, and not by an address of the other", async () => {
  const [ann] = await play(match.scene);
  const [, bob] = await play(rooms.scene);
  const eve = await cluster.connect(1, { namespace: "/rooms" });
  await ask(eve, "join-room", { roomId: "another", userName: "eve" });
  for (const targetId of [ann.socket.id, bob.socket.id, "ann", "bob"]) {
    const answer = await eve.request("webrtc-offer", { targetId, offer: {} });
    expect(answer.error?.code, targetId).toBe("user_offline");
  }
  const mallory = await cluster.connect(1, { namespace: "/match" });
  await ask(mallory, "register", { userId: "mallory", matchId: `rooms:${ID}` });
  for (const to of ["ann", "bob", ann.socket.id, bob.socket.id]) {
    expect((await mallory.request("offer", { to, offer: {} })).error?.code, to).toBe("user_offline");
  }
});
