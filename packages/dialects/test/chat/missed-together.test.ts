import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { enterChatroom, JWT_SECRET, sendMessage } from "./accounts.ts";

/** Where nobody listens. */
const NOWHERE = 1;
const chat = { namespace: "/chat" };

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** Somebody whose connection is cut, and who comes back when `comeBack` is called; and somebody at the other node. */
async function apart() {
  const proxy = await cluster.proxy(0);
  const [ann, bob] = await Promise.all([enterChatroom(cluster, proxy, chat), enterChatroom(cluster, 1, chat)]);
  const { id } = ann.client.socket;
  proxy.routeTo(NOWHERE);
  proxy.cut();
  await until("the drop to be noticed", async () => (await cluster.store.sessions.read(String(id)))?.deadline);
  const comeBack = async (node = 0) => {
    proxy.routeTo(cluster.node(node).port);
    await ann.client.connected(2);
    expect(ann.client.socket.recovered).toBe(true);
  };
  return { ann, bob, id: String(id), proxy, comeBack };
}

function textOf([, content]: readonly unknown[]): unknown {
  const { text, candidate } = content as {
    readonly text?: string;
    readonly candidate?: { readonly candidate: string };
  };
  return text ?? candidate?.candidate;
}

test.each([0, 1])(
  "messages and signals that were missed together come in the order of their sender, at node %d",
  async (node) => {
    const { ann, bob, comeBack } = await apart();
    const sent: string[] = [];
    for (let i = 0; i < 12; i += 1) {
      sent.push(`message ${i}`, `candidate ${i}`);
      expect(await sendMessage(bob, `message ${i}`)).toMatchObject({ ok: true });
      await bob.client.request("ice_candidate", { to: ann.name, candidate: { candidate: `candidate ${i}` } });
      if (i % 3 === 0) {
        sent.push(`candidate ${i} again`);
        await bob.client.request("ice_candidate", { to: ann.name, candidate: { candidate: `candidate ${i} again` } });
      }
    }
    await comeBack(node);
    await until("all to have come", () => ann.client.unread().length >= sent.length);
    expect(ann.client.unread().map(textOf)).toEqual(sent);
  },
);

test("a signal behind a message that is nowhere to be found arrives all the same, and the live ones after it", async () => {
  const { ann, bob, id, comeBack } = await apart();
  const trace = { id: "0".repeat(32), text: "0".repeat(32), feed: 1e6 };
  await cluster.store.outboxes.send(id, '["ice_candidate",{"from":"bob","candidate":null}]', undefined, trace);
  expect(await sendMessage(bob, "before")).toMatchObject({ ok: true });
  await comeBack();
  expect(await ann.client.receive("new_message")).toMatchObject({ text: "before" });
  expect(await ann.client.receive("ice_candidate")).toMatchObject({ from: "bob" });
  await bob.client.request("ice_candidate", { to: ann.name, candidate: { candidate: "live" } });
  expect(await ann.client.receive("ice_candidate")).toMatchObject({ candidate: { candidate: "live" } });
});
