import { keys } from "@switchyard/store";
import {
  type Acknowledgement,
  pairClients,
  startCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { enterChatroom, JWT_SECRET, sendMessage } from "./chat/accounts.ts";
import { patient } from "./patient.ts";
import { idOf, roomOf } from "./rooms/joined.ts";

const PER_DAY = 3;
let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, JWT_SECRET, REPORTS_PER_DAY: PER_DAY, TRUST_PROXY: "loopback" };
  cluster = await startCluster({ environment });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const at = (dialect: string) => ({ namespace: `/${dialect}` });
const from = (address: string) => ({ extraHeaders: { "x-forwarded-for": address } });
const grounds = { category: "harassment", reason: "insults" };
const found = async (answer: Acknowledgement) => {
  const report = await cluster.store.reports.find(String(answer["reportId"]));
  if (!report) throw new Error(`there is no report: ${JSON.stringify(answer)}`);
  return report;
};
const code = async (client: TestClient, payload?: object) =>
  (await client.request("report_user", ...(payload === undefined ? [] : [payload]))).error?.code;
const texts = ({ messages }: Awaited<ReturnType<typeof found>>) => messages.map(({ text }) => text);

describe("random: report_user", () => {
  const pair = async () => {
    const [ann, bob] = await Promise.all([
      cluster.connect(0, { ...at("random"), ...from("2001:db8:0:1::7") }),
      cluster.connect(1, { ...at("random"), ...from("203.0.113.7") }),
    ]);
    return { ann, bob, roomId: await pairClients(ann, bob) };
  };

  test("keeps who reports whom, why, and what was said; the room ends and the two never meet again", async () => {
    const { ann, bob, roomId } = await pair();
    await ann.request("send_message", { roomId, message: "hello" });
    await bob.request("send_message", { roomId, message: "an insult" });
    const answer = await ann.request("report_user", { roomId, ...grounds });
    expect(answer).toEqual({ ok: true, reportId: expect.stringMatching(/^[0-9a-f]{24}$/) });
    await bob.receive("new_message");
    await bob.receive("partner_disconnected");
    const report = await found(answer);
    expect(report).toMatchObject({
      ...{ dialect: "random", room: roomId, category: "harassment", words: "insults", resolution: undefined },
      reporter: { session: idOf(ann), user: ann.user },
      reported: { session: idOf(bob), user: bob.user, network: "203.0.113.7" },
      messages: [
        { user: ann.user, text: "hello" },
        { user: bob.user, text: "an insult", session: idOf(bob) },
      ],
      record: { made: 1 },
    });
    expect((await cluster.store.users.history("random", ann.user)).blocked).toEqual([bob.user]);
    expect(await ann.request("report_user", { roomId, ...grounds })).toEqual(answer); // as after an answer that was lost
    expect(await code(ann, { roomId: "another" })).toBe("room_not_found");
  });

  test("V9: of a partner that has gone or was left, from both nodes, also while there is another one", async () => {
    const { ann, bob, roomId } = await pair();
    await bob.request("send_message", { roomId, message: "an insult" });
    await ann.receive("new_message");
    await bob.request("leave_room", { roomId });
    await ann.receive("partner_disconnected");
    const byBob = await found(await bob.request("report_user"));
    expect(byBob).toMatchObject({ room: roomId, reported: { user: ann.user, network: "2001:db8:0:1::/64" } });
    const bobsSession = idOf(bob);
    bob.leave();
    const cem = await cluster.connect(1, at("random"));
    const newRoom = await pairClients(ann, cem);
    const report = await found(await ann.request("report_user", { roomId, ...grounds }));
    expect(report).toMatchObject({
      ...{ room: roomId, category: "harassment", words: "insults" },
      reported: { session: bobsSession, user: bob.user, network: "203.0.113.7" },
    });
    expect(texts(report)).toEqual(["an insult"]);
    expect((await cluster.store.users.history("random", ann.user)).blocked).toEqual([bob.user]);
    expect(await cem.request("send_message", { roomId: newRoom, message: "hello" })).toMatchObject({ ok: true });
    expect(await found(await ann.request("report_user"))).toMatchObject({ room: newRoom });
  });

  test("V9: not of a partner of too long ago, nor of one of another user that the session stood for", async () => {
    const { ann, bob, roomId } = await pair();
    await bob.request("leave_room");
    await ann.receive("partner_disconnected");
    const [, ...pairEnd] = ((await cluster.redis.hget(keys.session(idOf(ann)), "lastPair")) ?? "").split(" ");
    const longAgo = cluster.store.clock.now() - 700_000;
    await cluster.redis.hset(keys.session(idOf(ann)), "lastPair", [longAgo, ...pairEnd].join(" "));
    expect(await code(ann, { roomId })).toBe("room_not_found");
    const again = await cluster.connect(0, at("random"));
    await again.request("join", { userId: bob.user, type: "chat" });
    await bob.receive("error");
    await bob.request("join", { userId: `${bob.user} 2`, type: "video" });
    expect(await code(bob)).toBe("room_not_found");
  });

  test("as the stock protocol has it: a room and a reason, or nothing at all", async () => {
    const { ann, roomId } = await pair();
    expect(await found(await ann.request("report_user", { roomId, reason: "" }))).toMatchObject({ category: "other" });
    const other = await pair();
    expect(await found(await other.bob.request("report_user"))).toMatchObject({ room: other.roomId, messages: [] });
  });

  test("one too many for a day leaves the room as it was", async () => {
    const { ann, bob, roomId } = await pair();
    const reports = { perDay: PER_DAY, kept: 100, retentionMs: 60_000 };
    const report = { id: "x", at: 1, dialect: "random", room: "r", category: "spam" } as const;
    for (let i = 0; i < PER_DAY; i += 1) {
      const content = { ...report, id: `${roomId} ${i}`, reporter: { session: "s", user: ann.user } };
      await cluster.store.reports.keep({ ...content, reported: { user: "x" } }, [], undefined, reports);
    }
    const { error } = await ann.request("report_user", { roomId });
    expect(error).toMatchObject({ code: "rate_limited", retryAfterMs: expect.any(Number) });
    expect(await ann.request("send_message", { roomId, message: "still here" })).toMatchObject({ ok: true });
    await bob.receive("new_message");
  });

  test("of many messages the last ones are kept, and no more of them than fit", async () => {
    const { ann, bob, roomId } = await pair();
    for (let i = 0; i < 25; i += 1) await bob.request("send_message", { roomId, message: `${i}` });
    expect(texts(await found(await ann.request("report_user")))).toEqual(
      Array.from({ length: 20 }, (_, i) => `${i + 5}`),
    );
    const large = await pair();
    const messages = ["x", "y", "z"].map((letter) => "\u0001".repeat(1400) + letter);
    for (const message of messages) await large.bob.request("send_message", { message });
    const [cut = "", whole] = texts(await found(await large.ann.request("report_user")));
    expect([whole, messages[1]?.startsWith(cut), cut.length > 100]).toEqual([messages[2], true, true]);
  });
});

describe("chat: report_user", () => {
  test("of a user that is online, and of one that wrote and is gone; not of another one", async () => {
    const [ann, bob] = await Promise.all([0, 1].map((node) => enterChatroom(cluster, node, at("chat"))));
    if (!ann || !bob) throw new Error("two were to enter");
    await sendMessage(bob, "an insult");
    const report = await found(await ann.client.request("report_user", { username: bob.name, ...grounds }));
    expect(report).toMatchObject({
      ...{ dialect: "chat", room: "chat:all", reporter: { user: ann.name } },
      reported: { user: bob.name, session: idOf(bob.client), network: "127.0.0.1" },
    });
    expect(texts(report).at(-1)).toBe("an insult");
    bob.client.leave();
    await until("it to be gone", async () => (await cluster.store.users.sessions("chat", bob.name)).length === 0);
    const cem = await enterChatroom(cluster, 1, at("chat"));
    const late = await found(await cem.client.request("report_user", { username: bob.name }));
    expect(late).toMatchObject({ reported: { user: bob.name } });
    for (const username of ["nobody", "__proto__"]) expect(await code(ann.client, { username })).toBe("user_offline");
    expect(await code(ann.client, { username: ann.name })).toBe("validation");
  });

  test("at most so many a day, from whichever connection", async () => {
    const ann = await enterChatroom(cluster, 0, at("chat"));
    const others = await Promise.all(
      Array.from({ length: PER_DAY + 1 }, (_, i) => enterChatroom(cluster, i % 2, at("chat"))),
    );
    const again = await enterChatroom(cluster, 1, at("chat"), ann.name);
    const codes: unknown[] = [];
    for (const [i, { name }] of others.entries()) {
      codes.push(await code(i % 2 === 0 ? ann.client : again.client, { username: name }));
    }
    expect(codes).toEqual([undefined, undefined, undefined, "rate_limited"]);
  });
});

test("each report is counted once, by dialect and category", async () => {
  const counted = async () => {
    const pages = await Promise.all([0, 1].map(async (i) => (await fetch(`${cluster.node(i).url}/metrics`)).text()));
    const line = /^switchyard_reports_total\{[^}]*dialect="rooms"[^}]*category="minor"[^}]*\} (\d+)$/gm;
    return pages
      .flatMap((page) => [...page.matchAll(line)].map(([, value]) => Number(value)))
      .reduce((a, b) => a + b, 0);
  };
  const before = await counted();
  const { ann, bob } = await roomOf(2, cluster, at("rooms"));
  for (let i = 0; i < 2; i += 1) await ann.request("report_user", { targetId: idOf(bob), category: "minor" });
  expect((await counted()) - before).toBe(1);
});
