import {
  type ClientOptions,
  expectNothingMore,
  startCluster,
  type TestCluster,
  until,
  waysTo,
} from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { endGrace } from "../ending.ts";
import { patient } from "../patient.ts";
import { enterChatroom, JWT_SECRET, type Message, newName, refused, sendMessage, tokenFor } from "./accounts.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** How a stock client hears that it may not connect. */
async function errorOf(node: number, options: ClientOptions) {
  const { socket } = cluster.client(node, { ...options, reconnection: false });
  const error = await refused(socket);
  expect(socket.connected).toBe(false);
  return { message: error.message, data: error.data };
}

async function accountFrom(route: "register" | "login", username: string, node: number): Promise<string> {
  const response = await fetch(`${cluster.node(node).url}/api/auth/${route}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password: "correct horse" }),
  });
  return ((await response.json()) as { token: string }).token;
}

describe.each(waysTo("chat"))("connecting $way", (options) => {
  test("with the token of a registration, or a login, at any node", async () => {
    const username = newName("ann");
    for (const [node, route] of (["register", "login"] as const).entries()) {
      const token = await accountFrom(route, username, node);
      const client = await cluster.connect(1 - node, { ...options, auth: { token } });
      await client.receive<Message[]>("message_history");
      expect(await client.request("send_message", { text: route })).toMatchObject({ ok: true });
      expect(await client.receive("new_message")).toMatchObject({ username, text: route });
      client.leave();
    }
  });

  test.each<[string, unknown, string]>([
    ["a forged token", tokenFor({ sub: "ann" }, 600, `${JWT_SECRET}!`), "unauthorized"],
    ["a token for another dialect", tokenFor({ sub: "ann", dialect: "match" }), "unauthorized"],
    ["what is no token", "garbage", "unauthorized"],
    ["an expired token", tokenFor({ sub: "ann" }, -1), "token_expired"],
  ])("%s: connect_error", async (_, token, code) => {
    const error = { message: "Authentication error", data: { code } };
    for (const node of [0, 1]) expect(await errorOf(node, { ...options, auth: { token } })).toEqual(error);
    expect(await cluster.store.presence.count("chat")).toBe(0);
  });

  test.each<[string, object]>([
    ["none", {}],
    ["null", { token: null }],
    ["a number", { token: 7 }],
    ["nothing at all", { token: "" }],
  ])("%s for a token: connect_error", async (_, auth) => {
    const error = { message: "Authentication error", data: { code: "unauthorized" } };
    expect(await errorOf(0, { ...options, auth: { dialect: "chat", ...auth } })).toEqual(error);
  });

  test("history is told at once, before everything else, also where there is none", async () => {
    const ann = await enterChatroom(cluster, 0, options);
    expect(ann.client.received[0]).toMatchObject({ name: "message_history", args: [ann.history] });
    await expectNothingMore(ann.client);
  });

  test("on every connect that is not recovered, and on no other", async () => {
    const proxy = await cluster.proxy(0);
    const [ann, bob] = [await enterChatroom(cluster, proxy, options), await enterChatroom(cluster, 1, options)];
    for (let i = 0; i < 3; i += 1) await sendMessage(bob, `${i}`);
    proxy.routeTo(cluster.node(1).port);
    ann.client.cut();
    await ann.client.connected(2);
    expect(ann.client.socket.recovered).toBe(true);
    for (let i = 0; i < 3; i += 1) expect(await ann.client.receive("new_message")).toMatchObject({ text: `${i}` });
    await expectNothingMore(ann.client);
    ann.client.leave();
    ann.client.socket.connect();
    await ann.client.connected(3);
    expect(ann.client.socket.recovered).toBe(false);
    const history = await ann.client.receive<Message[]>("message_history");
    expect(history.slice(-3).map(({ text }) => text)).toEqual(["0", "1", "2"]);
    await expectNothingMore(ann.client);
  });

  test("the token is asked for again when it comes back; with another user's it starts anew", async () => {
    const [name, proxy] = [newName("ann"), await cluster.proxy(0)];
    let token: unknown = tokenFor({ sub: name });
    const client = await cluster.connect(proxy, {
      ...options,
      auth: (give: (auth: object) => void) => give({ token }),
    });
    await client.receive("message_history");
    const { id } = client.socket;
    const codes: unknown[] = [];
    client.socket.on("connect_error", (error: Error & { data?: { code: string } }) => codes.push(error.data?.code));
    proxy.routeTo(cluster.node(1).port);
    token = tokenFor({ sub: name }, -1);
    client.cut();
    await until("a refusal", () => codes.length > 0);
    token = tokenFor({ sub: name });
    client.socket.connect();
    await client.connected(2);
    expect([client.socket.recovered, client.socket.id]).toEqual([true, id]);
    await expectNothingMore(client);
    token = tokenFor({ sub: newName("bob") });
    client.cut();
    await client.connected(3);
    expect([client.socket.recovered, client.socket.id === id]).toEqual([false, false]);
    expect(codes).toEqual(["token_expired"]);
    await endGrace(cluster, String(id)); // it waits for its owner
  });
});
