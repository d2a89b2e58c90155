import { expectNothingMore, pairClients, startCluster, type TestClient, type TestCluster } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { transports } from "./transports.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: patient });
  await cluster.start("signaling", { ROOT_DIALECT: "random" });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const PINNED = 2;
const notJoined = { ok: false, error: { code: "not_joined", message: "Join first.", retryable: false } };

describe.each(transports)("the root namespace, $way", (options) => {
  const connect = (node: number, more: object = {}) => cluster.connect(node, { ...options, namespace: "/", ...more });
  const speaksRandom = async (client: TestClient) => {
    const partner = await cluster.connect(1, options);
    await pairClients(client, partner);
    await expectNothingMore(client, partner);
  };

  test("the opening event decides", async () => speaksRandom(await connect(0)));

  test("before it every other event is not_joined, and nothing else is told", async () => {
    const ann = await connect(0);
    for (const event of ["next", "offer", "where", "send_message"]) {
      expect(await ann.request(event, {}), event).toEqual(notJoined);
      ann.send(event);
      expect(await ann.receive("error"), event).toEqual({ type: "not_joined", message: "Join first." });
    }
    expect(ann.counts).toEqual([]);
    expect(await cluster.store.presence.count("random")).toBe(0);
    await speaksRandom(ann);
    expect(ann.counts.length).toBeGreaterThan(0);
  });

  test("an opening event that is refused decides nothing: the next one can open any dialect", async () => {
    const ann = await connect(0);
    for (const event of ["join", "join_video_queue", "register", "user-joined", "join-room"]) {
      expect((await ann.request(event)).error?.code, event).toBe("validation");
      expect((await ann.request(event, { padding: "x".repeat(70_000) })).error?.code, event).toBe("payload_too_large");
      expect(await ann.request("next", {}), event).toEqual(notJoined);
    }
    expect(ann.counts).toEqual([]);
    expect((await cluster.store.sessions.read(String(ann.socket.id)))?.dialect).toBe("");
    await speaksRandom(ann);
    expect((await ann.request("register", { userId: ann.user, matchId: "a-match" })).error?.code).toBe("validation");
  });

  test.each([
    ["auth.dialect", { auth: { dialect: "random" } }],
    ["?dialect=", { query: { dialect: "random" } }],
  ])("%s decides at once", async (_, more) => {
    const ann = await connect(0, more);
    expect((await ann.request("register", {})).error?.code).toBe("validation");
    await speaksRandom(ann);
    expect(ann.counts.length).toBeGreaterThan(0);
  });

  test.each([
    ["auth.dialect", { auth: { dialect: "nothing" } }],
    ["auth.dialect of another type", { auth: { dialect: { random: 1 } } }],
    ["auth.dialect from a prototype", { auth: { dialect: "__proto__" } }],
    ["?dialect=", { query: { dialect: "nothing" } }],
  ])("an unknown %s decides nothing", async (_, more) => {
    const ann = await connect(0, more);
    expect(await ann.request("next", {})).toEqual(notJoined);
    await speaksRandom(ann);
  });

  test("ROOT_DIALECT pins it, whatever the client says", async () => {
    const ann = await connect(PINNED, { auth: { dialect: "chat", token: "x" } });
    expect((await ann.request("register", {})).error?.code).toBe("validation");
    await speaksRandom(ann);
  });

  test("both namespaces on one connection are two participants; one can go and come back without the other", async () => {
    const ann = await connect(0);
    const [bob, other] = await Promise.all([cluster.connect(1, options), cluster.connect(1, options)]);
    const roomId = await pairClients(ann, bob);
    const second = ann.socket.io.socket("/random");
    const until = (event: string) => new Promise((done) => second.once(event, done));
    await until("connect");
    for (const _ of [1, 2]) {
      second.disconnect();
      await ann.caughtUp(); // Socket.IO itself closes a connection on which both come in one piece
      second.connect();
      await until("connect");
      expect(second.recovered).toBe(false);
    }
    expect(second.id).not.toBe(ann.socket.id);
    const found = until("partner_found");
    await other.join();
    await second.emitWithAck("join", { userId: "second", type: "chat" });
    expect(await found).toMatchObject({ partnerId: other.user });
    second.disconnect();
    await other.receive("waiting_for_partner");
    await other.receive("partner_found");
    await other.receive("partner_disconnected");
    expect(await ann.request("typing", { roomId, isTyping: true })).toEqual({ ok: true });
    await bob.receive("user_typing");
    expect(ann.connects).toBe(1);
    await expectNothingMore(ann, bob, other);
  });
});
