import { randomUUID } from "node:crypto";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { ByteAllowance, bytesKeptBy } from "../../src/limits/byte-allowance.ts";
import { patient } from "../patient.ts";
import { byPolling, from } from "./handshakes.ts";

const BYTES = 100_000;
const HOUR_S = 3600;

describe("an address's bytes", () => {
  const allowance = (nodes = 1) => new ByteAllowance({ bytes: 1000, duration: 10, nodes: () => nodes });

  test("come back steadily, and what was used beyond them is paid off first", () => {
    const bytes = allowance();
    bytes.use("a", 999, 0);
    expect(bytes.check("a", 0)).toBeUndefined();
    bytes.use("a", 501, 0);
    expect(bytes.check("a", 0)).toEqual({ limit: "address-bytes", waitMs: 5000 });
    expect(bytes.check("a", 4000)).toEqual({ limit: "address-bytes", waitMs: 1000 });
    expect([bytes.check("a", 5001), bytes.check("b", 0), bytes.check(undefined, 0)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    bytes.use("a", 1000, 60_000); // nothing is left of before
    expect(bytes.check("a", 60_000)?.waitMs).toBe(1);
  });

  test("are shared by the nodes that are alive, and without a bound where there is none", () => {
    const shared = allowance(4);
    shared.use("a", 250, 0);
    expect(shared.check("a", 0)).toBeDefined();
    const unbounded = new ByteAllowance({ bytes: 0, duration: 10, nodes: () => 1 });
    unbounded.use("a", 1e9, 0);
    expect(unbounded.check("a", 0)).toBeUndefined();
  });

  test("count tenfold for what outlasts a session, and for the text of an event", () => {
    const small = bytesKeptBy([{}], undefined, false);
    expect(bytesKeptBy([{}], undefined, true)).toBe(10 * small);
    expect(bytesKeptBy([{ text: "\u20ac".repeat(1000) }], undefined, false)).toBeGreaterThan(small + 3000);
  });
});

describe("a client that uses up its address's bytes", () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    const limits = { RATE_LIMIT_DURATION: HOUR_S, ADDRESS_RATE_LIMIT_USERS: 100, ADDRESS_RATE_LIMIT_BYTES: BYTES };
    cluster = await startCluster({ environment: { ...patient, TRUST_PROXY: "loopback", ...limits } });
    return cluster.stop;
  });

  const meetingOf = async (address: string, members: number, roomId = randomUUID()) => {
    const all = [];
    for (let i = 0; i < members; i += 1) {
      const client = await cluster.connect(0, { namespace: "/rooms", extraHeaders: from(address) });
      await client.request("join-room", { roomId, userName: "somebody" });
      all.push(client);
    }
    return { all, roomId };
  };
  const sendUntilRefused = async ({ all: [first], roomId }: Awaited<ReturnType<typeof meetingOf>>, text: string) => {
    for (let sent = 0; sent < 90; sent += 1) {
      const answer = await first?.request("send-message", { roomId, message: text });
      if (answer?.ok === false) return { sent, error: answer.error };
    }
    throw new Error("nothing was refused");
  };

  test("is refused the more soon the more others receive it, can leave, and takes nothing from another address", async () => {
    const [alone, among] = [await meetingOf("203.0.113.1", 1), await meetingOf("203.0.113.2", 6)];
    const text = "x".repeat(400);
    const [few, many] = [await sendUntilRefused(alone, text), await sendUntilRefused(among, text)];
    expect(few.error).toMatchObject({ code: "rate_limited", retryAfterMs: expect.any(Number) });
    expect(many.sent).toBeLessThan(few.sent);
    expect(await cluster.node(0).metric('switchyard_limits_hit_total\\{limit="address-bytes".*\\}')).toBe(2);
    expect(await among.all[1]?.request("toggle-audio", { isAudioMuted: true })).toMatchObject({ ok: false });
    expect(await among.all[0]?.request("leave-room", {})).toMatchObject({ ok: true });
    await until("the others to hear of it", () => among.all[1]?.received.some(({ name }) => name === "user-left"));
    const others = await meetingOf("203.0.113.3", 2);
    expect(await others.all[0]?.request("send-message", { roomId: others.roomId, message: text })).toMatchObject({
      ok: true,
    });
    for (const of of ["events", "deliveries", "connects"]) {
      expect(await cluster.node(0).metric(`switchyard_charged_bytes_total\\{.*of="${of}".*\\}`)).toBeGreaterThan(1000);
    }
  });

  test("gets no further connection at that node, and nor does a signal pass", async () => {
    const address = "203.0.113.4";
    const { all, roomId } = await meetingOf(address, 2);
    const [first, second] = all;
    await sendUntilRefused({ all, roomId }, "x".repeat(400));
    const offer = { type: "offer", sdp: "v=0" };
    expect(await first?.request("webrtc-offer", { targetId: second?.socket.id, offer })).toMatchObject({ ok: false });
    const answer = await byPolling(cluster.node(0), address);
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([429, "rate_limited"]);
  });
});
