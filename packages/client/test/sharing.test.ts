import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test, vi } from "vitest";
import { match } from "../src/dialects/match.ts";
import { connect } from "../src/index.ts";
import { environment, heard, newId, standing, timesSent } from "./people.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment, nodes: 1, matchmakers: 0 });
  return async () => {
    await cluster.empty();
    await cluster.stop();
  };
});

const options = () => ({ dialect: match, userId: newId("ada"), matchId: newId("match") });

test("who mounts, unmounts and mounts again, a hundred times, has one connection, which registers once", async () => {
  const mine = options();
  const before = await timesSent(cluster, "match", "register");
  let [connection] = [connect(cluster.node(0).url, mine)];
  for (let i = 0; i < 100; i += 1) {
    connection.close();
    connection = connect(cluster.node(0).url, { ...mine });
  }
  await connection.send("end-call");
  const { sessionId } = connection.state.get();
  connection.close();
  connection = connect(cluster.node(0).url, mine);
  await connection.send("end-call");
  expect(connection.state.get().sessionId).toBe(sessionId);
  expect((await timesSent(cluster, "match", "register")) - before).toBe(1);
  connection.close();
  await until("it to be gone", async () => (await cluster.store.presence.count("match")) === 0);
});

test("what one user of a connection closes ends for that user alone", async () => {
  const mine = options();
  const [one, two] = [connect(cluster.node(0).url, mine), connect(cluster.node(0).url, mine)];
  const [byOne, byTwo] = [one, two].map((user) => heard<object>((listener) => user.on("joined", listener)));
  await byTwo?.next();
  expect(byOne?.all).toHaveLength(1);
  one.close();
  one.close();
  await expect(one.send("end-call")).rejects.toMatchObject({ code: "closed" });
  await two.send("register", { userId: mine.userId, matchId: mine.matchId });
  await until("it to be heard", () => byTwo?.all.length === 2);
  expect(byOne?.all).toHaveLength(1);
  two.close();
  expect(await standing(two, "lost")).toMatchObject({ error: null });
  await until("it to be gone", async () => (await cluster.store.presence.count("match")) === 0);
});

test("who is replaced by another page does not take the place back, until it wants to", async () => {
  const mine = options();
  const old = connect(cluster.node(0).url, mine);
  await old.send("end-call");
  const fresh = connect(cluster.node(0).url, { ...mine, key: "another page" });
  await fresh.send("end-call");
  await until("it to be said", () => old.state.get().error?.code === "replaced");
  const before = await timesSent(cluster, "match", "register");
  await expect(old.send("end-call")).rejects.toMatchObject({ code: "not_joined" });
  expect(await timesSent(cluster, "match", "register")).toBe(before);
  await old.send("register", { userId: mine.userId, matchId: mine.matchId });
  await until("the other one to be told", () => fresh.state.get().error?.code === "replaced");
  expect(old.state.get().error).toBe(null);
  old.close();
  fresh.close();
});

test("a connection that is interrupted comes back; one that is ended is gone for all, after what was sent before", async () => {
  const mine = options();
  const [one, two] = [connect(cluster.node(0).url, mine), connect(cluster.node(0).url, mine)];
  await one.send("end-call");
  const { sessionId, transport } = one.state.get();
  expect(transport).toBe("websocket");
  one.interrupt();
  expect(await standing(two, "recovered")).toMatchObject({ sessionId, transport: "websocket", missed: false });
  const before = await timesSent(cluster, "match", "end-call");
  void two.send("end-call").catch(() => {}); // its answer is lost
  two.end();
  expect(await standing(one, "lost")).toMatchObject({ error: null, transport: null });
  await until("it to be gone", async () => (await cluster.store.presence.count("match")) === 0);
  expect(await timesSent(cluster, "match", "end-call")).toBe(before + 1);
  const again = connect(cluster.node(0).url, mine);
  await again.send("end-call");
  expect(again.state.get().sessionId).not.toBe(sessionId);
  again.end();
  one.close();
  await until("it to be gone", async () => (await cluster.store.presence.count("match")) === 0);
});

test("a connection that is closed before it is there leaves nothing at the server", async () => {
  const connection = connect(cluster.node(0).url, options());
  connection.close();
  await standing(connection, "lost");
  await until("it to be gone", async () => (await cluster.store.presence.count("match")) === 0);
});

test("importing it does nothing", async () => {
  const globals = Object.keys(globalThis);
  const handles = process.getActiveResourcesInfo().length;
  vi.resetModules();
  await import("../src/index.ts");
  await import("../src/dialects/match.ts");
  await import("../src/call/index.ts");
  expect(Object.keys(globalThis)).toEqual(globals);
  expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(handles);
});
