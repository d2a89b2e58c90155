import {
  type ClientOptions,
  pairClients,
  type Service,
  startCluster,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
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
const open = (node: number | Service, token: unknown, options?: ClientOptions) =>
  openBearer(cluster, typeof node === "number" ? node : { url: node.url }, token, options);
const firstError = ({ errors }: Bearer) => until("a refusal", () => errors[0]);

/** Two who have met, each at one of the nodes. */
async function meetAt(...nodes: [Service, Service]): Promise<[Bearer, Bearer]> {
  const [one, two] = nodes.map((node) => {
    const bearer = open(node, undefined);
    bearer.token = good(bearer.client.user);
    return bearer;
  }) as [Bearer, Bearer];
  await Promise.all([one.client.connected(), two.client.connected()]);
  await pairClients(one.client, two.client);
  return [one, two];
}

describe("a connection that comes back", () => {
  let pair: [Bearer, Bearer];

  beforeEach(async () => {
    await cluster.empty();
    pair = await meetAt(cluster.node(0), cluster.node(1));
  });

  test("is checked again, and goes on with a good token", async () => {
    const [{ client }, other] = pair;
    client.cut();
    await client.connected(2);
    expect(client.connections[1]).toEqual({ id: client.connections[0]?.id, recovered: true });
    other.client.leave();
    expect(await client.receive("partner_disconnected")).toBeTruthy();
  });

  test.each([
    ["an expired token", (user: string) => good(user, {}, -1), "token_expired"],
    ["no token", () => undefined, "unauthorized"],
    ["a token for another dialect", (user: string) => good(user, { dialect: "match" }), "unauthorized"],
  ])("with %s is refused; in time, with a good one, it goes on", async (_, tokenOf, code) => {
    const [own, other] = pair;
    own.token = tokenOf(own.client.user);
    own.client.cut();
    expect(await firstError(own)).toEqual(refused(code));
    expect(other.client.unread()).toEqual([]);
    own.token = good(own.client.user);
    own.client.socket.connect();
    await own.client.connected(2);
    expect(own.client.connections[1]).toEqual({ id: own.client.connections[0]?.id, recovered: true });
    expect(other.client.unread()).toEqual([]);
  });

  test("with another user's good token starts anew, and leaves the session to its owner", async () => {
    const [own, other] = pair;
    const { id, _pid: pid } = own.client.socket as unknown as { id: string; _pid: string };
    const somebody = `somebody-${own.client.user}`;
    own.token = good(somebody);
    own.client.cut();
    await own.client.connected(2);
    const [, anew] = own.client.connections;
    expect(anew?.recovered).toBe(false);
    expect(anew?.id).not.toBe(id);
    expect(own.errors).toEqual([]);
    expect(await own.client.request("join", { userId: somebody, type: "video" })).toMatchObject({ ok: true });
    expect(other.client.unread()).toEqual([]);
    const owner = open(1, good(own.client.user), { auth: { pid, offset: "0" } });
    await owner.client.connected();
    expect(owner.client.socket.id).toBe(id);
    owner.client.leave();
    expect(await other.client.receive("partner_disconnected")).toBeTruthy();
  });

  test("with another user's token right after its disconnect() starts anew, and has left as by any disconnect", async () => {
    const [own, other] = pair;
    const { id } = own.client.socket;
    own.token = good(`somebody-${own.client.user}`);
    own.client.socket.disconnect();
    own.client.socket.connect();
    await own.client.connected(2);
    expect(own.client.connections[1]).toMatchObject({ recovered: false });
    expect(own.client.socket.id).not.toBe(id);
    expect(await other.client.receive("partner_disconnected")).toBeTruthy();
  });

  test("gains no time by trying again and again with a bad token", async () => {
    const [own] = pair;
    const { id } = own.client.socket;
    const deadline = async () => (await cluster.store.sessions.read(String(id)))?.deadline;
    own.token = good(own.client.user, {}, -1);
    own.client.cut();
    await firstError(own);
    const first = await until("its grace to run", deadline);
    for (let tries = own.errors.length; tries < 6; tries = own.errors.length) {
      own.client.socket.connect();
      await until("a further refusal", () => own.errors.length > tries);
      expect(await until("its grace to run on", deadline)).toBe(first);
    }
    own.token = good(own.client.user);
    own.client.socket.connect();
    await own.client.connected(2);
  });

  test("takes nothing from a connection that is still open elsewhere but the session, which waits for its owner", async () => {
    const [own, other] = pair;
    const { id, _pid: pid } = own.client.socket as unknown as { id: string; _pid: string };
    const thief = open(1, good("somebody else"), { auth: { pid, offset: "0" } });
    await thief.client.connected();
    expect(thief.client.socket.id).not.toBe(id);
    await own.client.connected(2);
    expect(own.client.connections[1]).toEqual({ id, recovered: true });
    expect(other.client.unread()).toEqual([]);
  });
});

test("a client that tries again and again with a bad token has left for the others when its grace is over", async () => {
  await cluster.empty();
  const brief = await cluster.start("signaling", { RECONNECT_GRACE_MS: 500 });
  const [own, other] = await meetAt(brief, cluster.node(1));
  own.token = good(own.client.user, {}, -1);
  const tryAgain = () => void setTimeout(() => own.client.socket.connect(), 50);
  own.client.socket.on("connect_error", tryAgain);
  own.client.cut();
  await other.client.receive("partner_disconnected");
  await until("its further tries to be refused", () => own.errors.length > 5);
  own.client.socket.off("connect_error", tryAgain);
  await until("only one to be there", async () => (await cluster.store.presence.count("random")) === 1);
});

describe("a token that expires while connected", () => {
  test("ends the session for good: the client is told and disconnected, the others hear it at once", async () => {
    await cluster.empty();
    const [own, other] = await meetAt(cluster.node(0), cluster.node(1));
    const { client, errors } = own;
    const goOn = () => void client.socket.connect(); // its token may have ended on the way
    client.socket.on("connect_error", goOn);
    const reasons: string[] = [];
    client.socket.on("disconnect", (reason) => reasons.push(reason));
    own.token = () => good(client.user, {}, 2);
    client.cut();
    expect(await client.receive("error")).toEqual({ type: "unauthorized", message: "Your token has expired." });
    await until("the client to be disconnected", () => reasons.at(-1) === "io server disconnect");
    await other.client.receive("partner_disconnected"); // its grace would not be over yet
    client.socket.off("connect_error", goOn);
    own.token = good(client.user, {}, -1);
    const before = errors.length;
    client.socket.connect();
    await until("a further refusal", () => errors.length > before);
    expect(errors.at(-1)).toEqual(refused("token_expired"));
    await until("only one to be there", async () => (await cluster.store.presence.count("random")) === 1);
  });
});
