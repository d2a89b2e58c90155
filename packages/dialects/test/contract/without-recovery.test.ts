import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { comeOnline, start } from "../calls/callers.ts";
import { JWT_SECRET } from "../chat/accounts.ts";
import { endGrace } from "../ending.ts";
import { newMatch, register } from "../match/registered.ts";
import { patient } from "../patient.ts";
import { drivers } from "./drivers.ts";
import { receivedBy } from "./hearing.ts";
import { served } from "./served.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ dialects: served, environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** The ways on which a client says that it can't recover; the last is what its `User-Agent` says. */
const ways = [
  ["auth", { auth: { recovery: false } }],
  ["query", { query: { recovery: "off" } }],
  ["User-Agent", { extraHeaders: { "user-agent": "Dart/3.5 (dart:io)" } }],
] as const;

const pidOf = ({ socket }: TestClient) => (socket as unknown as { readonly _pid: string | undefined })._pid;

/** All arguments of what it was sent that look like an offset. */
const offsetsOf = ({ received }: TestClient) => received.filter(({ number }) => number !== undefined);

test.each(drivers)(
  "$dialect, at /: events have the arguments that are described, and no more",
  async ({ dialect, scene }) => {
    const authOf = async (name: "ann" | "bob") => (await scene.auth?.(cluster, name)) ?? {};
    // once for each dialect: strangers who have just met do not meet again
    const [ann, bob] = await Promise.all([
      cluster.connect(0, { namespace: "/", auth: { ...(await authOf("ann")), recovery: false } }),
      cluster.connect(1, { namespace: "/", auth: await authOf("bob"), query: { recovery: "off" } }),
    ]);
    await scene.play(ann, bob, `without-${dialect}`);
    for (const client of [ann, bob]) {
      expect(pidOf(client)).toBeUndefined();
      expect(client.received.length).toBeGreaterThan(0);
      expect(offsetsOf(client)).toEqual([]);
    }
  },
);

test("those that say nothing are sent offsets", async () => {
  const client = await cluster.connect(0, { namespace: "/match" });
  await register(client, newMatch());
  await client.receive("joined");
  expect(pidOf(client)).toMatch(/\./);
  expect(offsetsOf(client)).toHaveLength(1);
});

describe.each(ways)(
  "a client that says by its %s that it can't recover, and returns within the grace",
  (_, options) => {
    /** Its transport breaks, and it starts anew as another session. */
    const returned = async (client: TestClient): Promise<string> => {
      const before = String(client.socket.id);
      client.cut();
      await client.connected(2);
      expect(Boolean(client.socket.recovered)).toBe(false);
      expect(client.socket.id).not.toBe(before);
      return before;
    };
    /** Ends the grace of the session that was replaced. */
    const end = async (session: string) => {
      await endGrace(cluster, session);
      await until("it to be gone", async () => (await cluster.store.sessions.read(session)) === undefined);
    };
    const receivedSince = (client: TestClient, mark: number) => client.received.slice(mark).map(({ name }) => name);

    test.each(["/match", "/"])(
      "match, at %s: is in its match again, and nobody hears that it left",
      async (namespace) => {
        const ann = await cluster.connect(0, { ...options, namespace });
        const bob = await cluster.connect(1, { namespace });
        const matchId = newMatch();
        for (const client of [ann, bob]) expect(await register(client, matchId)).toEqual({ ok: true });
        await receivedBy(bob, "joined");
        await bob.caughtUp();
        const mark = bob.received.length;
        const former = await returned(ann);
        expect(await register(ann, matchId)).toEqual({ ok: true });
        await until("its list", () => ann.received.filter(({ name }) => name === "joined").length === 2);
        expect(ann.received.at(-1)?.args[0]).toMatchObject({ participantCount: 2 });
        expect(await bob.request("offer", { to: ann.user, offer: { sdp: "x" } })).toEqual({ ok: true });
        expect(await receivedBy(ann, "offer")).toMatchObject({ from: bob.user });
        await end(former);
        await bob.caughtUp();
        expect(receivedSince(bob, mark)).toEqual(["user-joined"]);
      },
    );

    test.each(["/calls", "/"])("calls, at %s: is online again, and nobody hears that it left", async (namespace) => {
      const ann = await cluster.connect(0, { ...options, namespace });
      const bob = await cluster.connect(1, { namespace });
      for (const client of [ann, bob]) expect(await comeOnline(client)).toEqual({ ok: true });
      await bob.caughtUp();
      const mark = bob.received.length;
      await returned(ann);
      expect(await comeOnline(ann)).toEqual({ ok: true });
      expect(await start(bob, "after", ann.user)).toMatchObject({ ok: true });
      expect(await receivedBy(ann, "incoming-call")).toMatchObject({ callId: "after" });
      await bob.caughtUp();
      expect(receivedSince(bob, mark)).not.toContain("user-left");
    });

    test.each(["/calls", "/"])(
      "calls, at %s: is still in its call, and nobody hears that it left",
      async (namespace) => {
        const ann = await cluster.connect(0, { ...options, namespace });
        const bob = await cluster.connect(1, { namespace });
        for (const client of [ann, bob]) expect(await comeOnline(client)).toEqual({ ok: true });
        const callId = `kept-${crypto.randomUUID()}`;
        expect(await start(ann, callId, bob.user)).toMatchObject({ ok: true });
        expect(await bob.request("join-call", { callId })).toEqual({ ok: true });
        await receivedBy(ann, "user-joined-call");
        await bob.caughtUp();
        const mark = bob.received.length;
        await returned(ann);
        expect(await comeOnline(ann)).toEqual({ ok: true });
        const offer = { callId, targetUserId: ann.user, offer: { sdp: "again" } };
        expect(await bob.request("webrtc-offer", offer)).toEqual({ ok: true });
        expect(await receivedBy(ann, "webrtc-offer")).toMatchObject({ fromUserId: bob.user });
        const back = { callId, targetUserId: bob.user, answer: { sdp: "again" } };
        expect(await ann.request("webrtc-answer", back)).toEqual({ ok: true });
        await receivedBy(bob, "webrtc-answer");
        const names = receivedSince(bob, mark);
        for (const departure of ["user-left", "user-left-call"]) expect(names).not.toContain(departure);
      },
    );

    test.each(["/random", "/"])("random, at %s: has its partner again, who hears nothing", async (namespace) => {
      const ann = await cluster.connect(0, { ...options, namespace });
      const bob = await cluster.connect(1, { namespace });
      for (const client of [ann, bob]) expect(await client.join()).toEqual({ ok: true });
      const { roomId } = (await receivedBy(bob, "partner_found")) as { roomId: string };
      await receivedBy(ann, "partner_found");
      const mark = bob.received.length;
      const message = `missed ${crypto.randomUUID()}`;
      await returned(ann);
      expect(await ann.join()).toEqual({ ok: true });
      const found = () => ann.received.filter(({ name }) => name === "partner_found");
      await until("its partner", () => found().length === 2);
      expect(found()[1]?.args).toEqual(found()[0]?.args);
      for (const [from, to] of [
        [ann, bob],
        [bob, ann],
      ] as const) {
        const text = `${message} from ${from.user}`;
        expect(await from.request("send_message", { message: text })).toMatchObject({ ok: true });
        await until("the message", () =>
          to.received.some(
            ({ name, args: [content] }) => name === "new_message" && (content as { text?: string }).text === text,
          ),
        );
      }
      expect(receivedSince(bob, mark)).toEqual(["new_message"]);
      expect(await ann.request("leave_room")).toEqual({ ok: true });
      expect(await receivedBy(bob, "partner_disconnected")).toEqual({});
      expect(roomId).toEqual(expect.any(String));
    });

    test.each(["/random", "/"])("random, at %s: waits again, once, and is paired", async (namespace) => {
      const ann = await cluster.connect(0, { ...options, namespace });
      expect(await ann.join()).toEqual({ ok: true });
      await returned(ann);
      expect(await ann.join()).toEqual({ ok: true });
      expect((await cluster.store.queues.figures("chat")).waiting).toBe(1);
      const bob = await cluster.connect(1, { namespace });
      expect(await bob.join()).toEqual({ ok: true });
      expect(await receivedBy(bob, "partner_found")).toMatchObject({ partnerId: ann.user });
      expect(await receivedBy(ann, "partner_found")).toMatchObject({ partnerId: bob.user });
    });
  },
);
