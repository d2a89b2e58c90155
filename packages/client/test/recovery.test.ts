import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { chat } from "../src/dialects/chat.ts";
import { match } from "../src/dialects/match.ts";
import { random } from "../src/dialects/random.ts";
import { CommandError, connect } from "../src/index.ts";
import { environment, heard, newId, standing, timesSent, tokenFor } from "./people.ts";

/** Where nobody listens. */
const NOWHERE = 1;
/** The node whose sessions may not come back for long. */
const BRIEF = 2;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment });
  await cluster.start("signaling", { RECONNECT_GRACE_MS: 300 });
  return async () => {
    await cluster.empty();
    await cluster.stop();
  };
});

/** Somebody whose connection can be cut, alone in a match, and how often such people have registered. */
async function somebody(node: number) {
  const proxy = await cluster.proxy(node);
  const registrations = await timesSent(cluster, "match", "register");
  const [userId, matchId] = [newId("ada"), newId("match")];
  const connection = connect(proxy.url, { dialect: match, userId, matchId });
  await connection.send("end-call");
  const registered = async () => (await timesSent(cluster, "match", "register")) - registrations;
  return { proxy, connection, userId, matchId, registered };
}

/** The other one in a match. */
async function other(matchId: string) {
  const connection = connect(cluster.node(1).url, { dialect: match, userId: newId("bob"), matchId });
  const left = heard<object>((listener) => connection.on("user-left", listener));
  await connection.send("end-call");
  return { connection, left };
}

test("a connection that comes back to another node is recovered: it has all that it missed, and registers once", async () => {
  const { proxy, connection, userId, matchId, registered } = await somebody(0);
  const bob = await other(matchId);
  const calls = heard<object>((listener) => connection.on("incoming-call", listener));
  const { sessionId } = connection.state.get();
  proxy.routeTo(NOWHERE);
  proxy.cut();
  await standing(connection, "recovering");
  for (let i = 0; i < 3; i += 1) await bob.connection.send("initiate-call", { to: userId });
  proxy.routeTo(cluster.node(1).port);
  connection.reconnect();
  expect(await standing(connection, "recovered")).toMatchObject({ missed: false, sessionId, error: null });
  for (let i = 0; i < 3; i += 1) await calls.next();
  await connection.send("end-call");
  expect([calls.all.length, bob.left.all.length, await registered()]).toEqual([3, 0, 2]); // one for each of the two
  connection.close();
  bob.connection.close();
});

test("a session that is gone is begun anew: `missed` says so, and the opening event is sent once more", async () => {
  const { proxy, connection, registered } = await somebody(BRIEF);
  const joined = heard<object>((listener) => connection.on("joined", listener));
  const { sessionId } = connection.state.get();
  proxy.routeTo(NOWHERE);
  proxy.cut();
  await until("the session to be over", async () => !(await cluster.store.sessions.read(String(sessionId))));
  proxy.routeTo(cluster.node(1).port);
  const back = connection.send("end-call"); // waits until it is registered again
  connection.reconnect();
  expect(await standing(connection, "connected")).toMatchObject({ missed: true });
  await back;
  expect(connection.state.get().sessionId).not.toBe(sessionId);
  expect([joined.all.length, await registered()]).toEqual([1, 2]);
  connection.close();
});

test("who has left waits for nobody in a new session, until the command that waits again", async () => {
  const proxy = await cluster.proxy(BRIEF);
  const connection = connect(proxy.url, { dialect: random, userId: newId("ada"), type: "chat" });
  await connection.send("where"); // it has joined
  await connection.send("leave_queue");
  const joins = await timesSent(cluster, "random", "join");
  proxy.cut();
  await until("the session to be over", async () => {
    const { sessionId } = connection.state.get();
    return !(await cluster.store.sessions.read(String(sessionId)));
  });
  await until("a new one", () => connection.state.get().missed);
  await connection.send("where");
  expect(await timesSent(cluster, "random", "join")).toBe(joins);
  await connection.send("next");
  expect(await timesSent(cluster, "random", "join")).toBe(joins + 1);
  await connection.send("leave_queue");
  connection.close();
});

test("a command whose answer is lost with the connection says so; one that may be repeated is", async () => {
  const { proxy, connection } = await somebody(0);
  proxy.routeTo(NOWHERE);
  const [once, again] = [connection.send("end-call"), connection.deliver("end-call", [])];
  proxy.cut();
  const lost = await once.then(
    () => null,
    (error: unknown) => error,
  );
  if (lost !== null) expect(lost).toMatchObject({ code: "unanswered", retryable: true }); // it may have been faster
  proxy.routeTo(cluster.node(0).port);
  expect(await again).toEqual({ ok: true });
  connection.close();
  await expect(connection.send("end-call")).rejects.toBeInstanceOf(CommandError);
});

describe("tokens", () => {
  test("one that has expired is replaced by a new one, in a new session", async () => {
    const name = newId("ada");
    const lifetimes = [2, 600];
    const connection = connect(cluster.node(0).url, {
      dialect: chat,
      token: async () => tokenFor(name, lifetimes.shift() ?? 600),
    });
    const first = await standing(connection, "connected");
    await until("a new session", () => connection.state.get().sessionId !== first.sessionId);
    expect(await standing(connection, "connected")).toMatchObject({ missed: true, error: null });
    await connection.send("send_message", { text: "still here" });
    expect(lifetimes).toEqual([]);
    connection.close();
  });

  test("one that is about to expire is replaced in the same session", async () => {
    const name = newId("bob");
    const lifetimes = [62, 600];
    const connection = connect(cluster.node(0).url, {
      dialect: chat,
      token: async () => tokenFor(name, lifetimes.shift() ?? 600),
    });
    const { sessionId } = await standing(connection, "connected");
    expect(await standing(connection, "recovered")).toMatchObject({ missed: false, sessionId });
    expect(lifetimes).toEqual([]);
    connection.close();
  });

  test("a function that fails is asked again", async () => {
    let asked = 0;
    const connection = connect(cluster.node(0).url, {
      dialect: chat,
      async token() {
        asked += 1;
        if (asked === 1) throw new Error("the back end is away");
        return tokenFor(newId("cleo"));
      },
    });
    await until("it to be said", () => connection.state.get().error?.code === "no_token");
    await standing(connection, "connected");
    expect(asked).toBe(2);
    connection.close();
  });
});
