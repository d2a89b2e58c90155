import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { receivedBy } from "../contract/hearing.ts";
import { patient } from "../patient.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

test("a client that can't recover: lost again while it is given its place, it keeps it for the grace, and nothing else of it stays", async () => {
  const ann = await cluster.connect(0, { namespace: "/random", auth: { recovery: false } });
  const bob = await cluster.connect(1, { namespace: "/random" });
  for (const client of [ann, bob]) expect(await client.join()).toEqual({ ok: true });
  await receivedBy(bob, "partner_found");
  const former = String(ann.socket.id);
  ann.cut();
  await ann.connected(2);
  const given = String(ann.socket.id);
  ann.socket.emit("join", { userId: ann.user, type: "chat" });
  ann.cut(); // its node reads both at once
  await until("its grace to begin again, by the session that it had", async () => {
    const { state, epoch = 0 } = (await cluster.store.sessions.read(former)) ?? {};
    return state === "detached" && epoch > 1;
  }).catch(async (error: unknown) =>
    expect.fail(`${error}: ${JSON.stringify(await cluster.store.sessions.read(given))}`),
  );
  await until("the one it was given to end", async () => !(await cluster.store.sessions.exists(given)));
  await ann.connected(3);
  expect(await ann.join()).toEqual({ ok: true });
  expect(await ann.request("send_message", { message: "still here" })).toMatchObject({ ok: true });
  expect(await receivedBy(bob, "new_message")).toMatchObject({ text: "still here" });
});
