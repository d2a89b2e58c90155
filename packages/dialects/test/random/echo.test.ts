import { expectNothingMore, pairClients, startCluster, type TestClient, type TestCluster } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** Two who are paired; then the first comes back at the second node, and shows something else there. */
async function pairAndMove(namespace: string, first: object, second: object) {
  const proxy = await cluster.proxy(0);
  const [ann, bob] = await Promise.all([
    cluster.connect(proxy, { namespace, auth: first }),
    cluster.connect(1, { namespace: "/random" }),
  ]);
  const roomId = await pairClients(ann, bob);
  proxy.routeTo(cluster.node(1).port);
  ann.socket.auth = second;
  ann.cut();
  await ann.connected(2);
  expect(ann.socket.recovered).toBe(true);
  expect((await ann.request("where"))["node"]).toBe(cluster.node(1).id);
  return { ann, bob, roomId };
}

const say = (client: TestClient, roomId: string, message: string) =>
  client.request("send_message", { roomId, message });

test.each(["/random", "/"])(
  "%s: the choice is the session's, and holds at the node that takes it over",
  async (nsp) => {
    const { ann, bob, roomId } = await pairAndMove(nsp, { echo: true }, {});
    const { id, timestamp } = await say(ann, roomId, "hello");
    for (const client of [ann, bob]) {
      expect(await client.receive("new_message")).toMatchObject({ id, timestamp, sender: ann.user });
    }
    await expectNothingMore(ann, bob);
  },
);

test("a session that was opened without it goes on without it", async () => {
  const { ann, bob, roomId } = await pairAndMove("/random", {}, { echo: true });
  await say(ann, roomId, "hello");
  expect(await bob.receive("new_message")).toMatchObject({ text: "hello" });
  await expectNothingMore(ann, bob);
});
