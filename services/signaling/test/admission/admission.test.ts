import { type ClientOptions, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { type Bearer, type ConnectError, openBearer, tokenFor } from "./tokens.ts";

const secret = "a secret that these tests alone know";
let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, TOKEN_MODE: "required", JWT_SECRET: secret };
  cluster = await startCluster({ environment });
  return cluster.stop;
});

const refused = (code: string): ConnectError => ({ message: "Authentication error", data: { code } });
const good = (sub: string, claims: object = {}, lifetime?: number) => tokenFor(secret, { sub, ...claims }, lifetime);
const open = (node: number, token: unknown, options?: ClientOptions) => openBearer(cluster, node, token, options);
const firstError = ({ errors }: Bearer) => until("a refusal", () => errors[0]);

describe("who may connect", () => {
  test.each<[string, unknown, ConnectError]>([
    ["no token", undefined, refused("unauthorized")],
    ["no text", { sub: "ann" }, refused("unauthorized")],
    ["a forged token", tokenFor(`${secret}!`, { sub: "ann" }), refused("unauthorized")],
    ["an expired token", good("ann", {}, -1), refused("token_expired")],
    ["a forged token that has expired", tokenFor(`${secret}!`, { sub: "ann" }, -1), refused("unauthorized")],
    ["a token for another dialect", good("ann", { dialect: "calls" }), refused("unauthorized")],
    ["a token for a dialect that there isn't", good("ann", { dialect: "klingon" }), refused("unauthorized")],
  ])("with %s nobody, who is told why", async (_, token, why) => {
    for (const namespace of ["/random", "/match", "/rooms"]) {
      const bearer = open(0, token, { namespace });
      expect(await firstError(bearer)).toEqual(why);
      expect(bearer.client.socket.active).toBe(false); // a stock client does not try again by itself
    }
  });

  test.each(["websocket", "polling"])("with a better token one can ask again, by %s", async (transport) => {
    const bearer = open(0, good("ann", {}, -1), { transports: [transport] });
    await firstError(bearer);
    bearer.token = good(bearer.client.user);
    bearer.client.socket.connect();
    await bearer.client.connected();
    expect(await bearer.client.join()).toMatchObject({ ok: true });
  });

  test("as several namespaces of one connection, each for itself", async () => {
    const bearer = open(0, good("ann", { dialect: "random" }), { namespace: "/random", forceNew: false });
    const other = bearer.client.socket.io.socket("/match", { auth: { token: good("ann", { dialect: "match" }) } });
    const wrong = bearer.client.socket.io.socket("/rooms", { auth: { token: good("ann", { dialect: "match" }) } });
    const why = new Promise<ConnectError>((hear) => wrong.once("connect_error", hear));
    wrong.connect();
    other.connect();
    await bearer.client.connected();
    expect(await why).toMatchObject(refused("unauthorized"));
    await until("the other namespace to be connected", () => other.connected);
    wrong.auth = { token: good("ann", { dialect: "rooms" }) };
    wrong.connect();
    await until("the third one to be connected", () => wrong.connected);
    expect(bearer.client.connects).toBe(1);
    for (const one of [other, wrong]) one.disconnect();
  });
});

describe("at the root namespace", () => {
  const root = { namespace: "/" };

  test("the token's dialect is spoken, and nothing else", async () => {
    const user = "root-ann";
    const { client } = open(0, good(user, { dialect: "match" }), root);
    await client.connected();
    expect(await client.request("join", { userId: user, type: "chat" })).toMatchObject({
      error: { code: "validation" },
    });
    expect(await client.request("register", { userId: user, matchId: "root-1" })).toMatchObject({ ok: true });
  });

  test("asking for another dialect than the token's is refused", async () => {
    const token = good("ann", { dialect: "match" });
    for (const options of [{ auth: { dialect: "random" } }, { query: { dialect: "random" } }]) {
      expect(await firstError(open(0, token, { ...root, ...options }))).toEqual(refused("unauthorized"));
    }
  });

  test("a token for a dialect that there isn't is refused", async () => {
    const bearer = open(0, good("ann", { dialect: "klingon" }), root);
    expect(await firstError(bearer)).toEqual(refused("unauthorized"));
  });

  test("a token for any dialect leaves it to the handshake, or to the first event", async () => {
    const named = open(0, good("root-bob"), { ...root, auth: { dialect: "random" } }).client;
    const first = open(0, good("root-cem"), root).client;
    await Promise.all([named.connected(), first.connected()]);
    expect(await named.request("next")).toMatchObject({ error: { code: "not_joined" } });
    expect(await first.request("send_message", {})).toMatchObject({ error: { code: "not_joined" } });
    expect(await first.request("join", { userId: "root-cem", type: "video" })).toMatchObject({ ok: true });
    expect(await first.request("leave_queue")).toMatchObject({ ok: true });
  });
});

describe("what a token allows", () => {
  test("its own user, whatever the payload says", async () => {
    const { client } = open(0, good("ann"));
    await client.connected();
    expect(await client.request("join", { userId: "bob", type: "chat" })).toMatchObject({
      ok: false,
      error: { code: "unauthorized", retryable: false },
    });
    client.send("join", { userId: "bob", type: "chat" });
    expect(await client.receive("error")).toMatchObject({ type: "unauthorized" });
    expect(await client.request("join", { userId: "ann", type: "chat" })).toMatchObject({ ok: true });
    client.leave();
  });

  test("its own room, where it names one", async () => {
    const { client } = open(0, good("ann", { dialect: "match", room: "mine" }), { namespace: "/match" });
    await client.connected();
    const other = await client.request("register", { userId: "ann", matchId: "yours" });
    expect(other).toMatchObject({ error: { code: "unauthorized" } });
    expect(await client.request("register", { userId: "ann", matchId: "mine" })).toMatchObject({ ok: true });
  });
});
