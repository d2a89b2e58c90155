import { type ClientOptions, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { type Bearer, openBearer, tokenFor } from "./tokens.ts";

const secret = "a secret that these tests alone know";
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, JWT_SECRET: secret } });
  return cluster.stop;
});

const chat = { namespace: "/chat" };
const open = (token: unknown, options: ClientOptions = chat, node = 0) => openBearer(cluster, node, token, options);
const firstError = ({ errors }: Bearer) => until("a refusal", () => errors[0]);
const refused = (code: string) => ({ message: "Authentication error", data: { code } });
const newUser = () => `user-${crypto.randomUUID()}`;

async function tokenFrom(route: "register" | "login", username: string, node: number): Promise<string> {
  const response = await fetch(`${cluster.node(node).url}/api/auth/${route}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password: "correct horse" }),
  });
  return ((await response.json()) as { token: string }).token;
}

/** Its message, as others receive it. */
async function sayHello({ client }: Bearer): Promise<unknown> {
  await client.connected();
  const text = crypto.randomUUID();
  expect(await client.request("send_message", { text })).toMatchObject({ ok: true });
  const received = await until("its message", () =>
    client.received.find(({ name, args }) => name === "new_message" && (args[0] as { text: string }).text === text),
  );
  return received.args[0];
}

describe("in open mode, chat", () => {
  test("is spoken with the token of a registration or a login, at its namespace and at the root, at every node", async () => {
    const username = `Ann-${crypto.randomUUID().slice(0, 8)}`;
    const registered = await tokenFrom("register", username, 0);
    const loggedIn = await tokenFrom("login", username.toUpperCase(), 1);
    for (const options of [chat, { namespace: "/" }, { namespace: "/", auth: { dialect: "chat" } }]) {
      for (const [node, token] of [registered, loggedIn].entries()) {
        expect(await sayHello(open(token, options, 1 - node))).toMatchObject({ username });
      }
    }
  });

  test.each<[string, unknown, string]>([
    ["no token", undefined, "unauthorized"],
    ["null, where no one is logged in", null, "unauthorized"],
    ["a forged token", tokenFor(`${secret}!`, { sub: "ann" }), "unauthorized"],
    ["an expired token", tokenFor(secret, { sub: "ann" }, -1), "token_expired"],
    ["a token for another dialect", tokenFor(secret, { sub: "ann", dialect: "match" }), "unauthorized"],
  ])("is refused with %s", async (_, token, code) => {
    for (const options of [
      chat,
      { namespace: "/", auth: { dialect: "chat" } },
      { namespace: "/", query: { dialect: "chat" } },
    ]) {
      expect(await firstError(open(token, options))).toEqual(refused(code));
    }
  });

  test("is what a token means at the root, be it good or bad, unless another dialect is named", async () => {
    const expired = tokenFor(secret, { sub: "ann" }, -1);
    expect(await firstError(open(expired, { namespace: "/" }))).toEqual(refused("token_expired"));
    expect(await firstError(open(null, { namespace: "/" }))).toEqual(refused("unauthorized"));
    const { client } = open(expired, { namespace: "/", auth: { dialect: "random" } });
    await client.connected();
    expect(await client.request("join", { userId: client.user, type: "video" })).toMatchObject({ ok: true });
  });

  test("can't be opened by an event", async () => {
    const client = await cluster.connect(0, { namespace: "/" });
    for (const event of ["send_message", "load_messages", "undefined"]) {
      expect(await client.request(event, { text: "hello" })).toMatchObject({ error: { code: "not_joined" } });
    }
  });

  test("is recovered with a good token only", async () => {
    const user = newUser();
    const bearer = open(tokenFor(secret, { sub: user, room: "some room" }));
    await sayHello(bearer);
    for (const token of [tokenFor(secret, { sub: user }, -1), tokenFor(`${secret}!`, { sub: user }), undefined]) {
      const { connects } = bearer.client;
      const before = bearer.errors.length;
      bearer.token = token;
      bearer.client.cut();
      await until("a refusal", () => bearer.errors.length > before);
      bearer.token = tokenFor(secret, { sub: user, room: "some room" });
      bearer.client.socket.connect();
      await bearer.client.connected(connects + 1);
      expect(bearer.client.connections.at(-1)).toEqual({ id: bearer.client.connections[0]?.id, recovered: true });
      expect(await sayHello(bearer)).toMatchObject({ username: user });
    }
    expect(bearer.errors.map(({ data }) => data)).toEqual([
      { code: "token_expired" },
      { code: "unauthorized" },
      { code: "unauthorized" },
    ]);
  });

  test("speaks for the new user at once when the client has logged in as another one", async () => {
    const [user, other] = [newUser(), newUser()];
    const bearer = open(tokenFor(secret, { sub: user }));
    expect(await sayHello(bearer)).toMatchObject({ username: user });
    bearer.token = tokenFor(secret, { sub: other });
    bearer.client.cut();
    await bearer.client.connected(2);
    expect(bearer.client.connections[1]?.recovered).toBe(false);
    expect(await sayHello(bearer)).toMatchObject({ username: other });
    expect(bearer.errors).toEqual([]);
  });

  test("is spoken at the root by a client that was there without a token until now", async () => {
    const root = { namespace: "/" };
    const bearer = open(undefined, root);
    await bearer.client.connected();
    const user = newUser();
    bearer.token = tokenFor(secret, { sub: user });
    bearer.client.cut();
    await bearer.client.connected(2);
    expect(bearer.client.connections[1]?.recovered).toBe(false);
    expect(await sayHello(bearer)).toMatchObject({ username: user });
  });

  test("ends when the token does", async () => {
    const user = newUser();
    const bearer = open(() => tokenFor(secret, { sub: user }, 2));
    const { client } = bearer;
    client.socket.on("connect_error", () => client.socket.connect()); // its token may have ended on the way
    await until("it to be connected and disconnected", () => client.connects > 0 && client.socket.disconnected);
    const last = client.received.at(-1);
    expect(last).toMatchObject({ name: "error", args: [{ type: "unauthorized", message: "Your token has expired." }] });
    bearer.token = tokenFor(secret, { sub: user });
    client.socket.connect();
    await client.connected(2);
    expect(client.connections[1]?.recovered).toBe(false);
  });
});

test("in open mode the other dialects ask for no token, and look at none", async () => {
  for (const token of [undefined, null, "garbage", tokenFor(secret, { sub: "someone else", dialect: "chat" })]) {
    const { client } = open(token, { namespace: "/random" });
    await client.connected();
    expect(await client.request("join", { userId: client.user, type: "video" })).toMatchObject({ ok: true });
  }
});
