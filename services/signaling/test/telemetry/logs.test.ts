import { randomUUID } from "node:crypto";
import { keys } from "@switchyard/store";
import { pairClients, startCluster, type TestClient, type TestCluster } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { tokenFor } from "../admission/tokens.ts";
import { patient } from "../patient.ts";
import { type Fields, lineIn, linesOf } from "./log-lines.ts";

const secret = "a secret that no line of a log may have";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, environment: { ...patient, LOG_LEVEL: "debug", JWT_SECRET: secret } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const lineOf = (wanted: Fields) => lineIn(cluster, wanted);
const idOf = ({ socket }: TestClient) => String(socket.id);

test("of what happens to events nothing is said by default", async () => {
  const quiet = await startCluster({ nodes: 2, environment: { ...patient, LOG_LEVEL: "warn", JWT_SECRET: secret } });
  try {
    const [a, b] = [await quiet.connect(0), await quiet.connect(1)];
    const roomId = await pairClients(a, b);
    await a.request("ice_candidate", { roomId, candidate: {} });
    await b.receive("ice_candidate");
    expect(linesOf(quiet)).toEqual([]);
  } finally {
    await quiet.stop();
  }
  const usual = await cluster.start("signaling", { LOG_LEVEL: "info" });
  const [a, b] = [await cluster.connect(usual), await cluster.connect(0)];
  await pairClients(a, b);
  expect(usual.logs().map(({ msg }) => msg)).toEqual(["listening"]);
});

describe("no line of a log has", () => {
  const leaks = (...secrets: readonly string[]) => {
    const lines = linesOf(cluster).map((line) => JSON.stringify(line));
    return lines.filter((line) => secrets.some((text) => line.includes(text)));
  };

  test("what people say, who they are, or what lets somebody in", async () => {
    const sent = `said-${randomUUID()}`;
    const userId = `user-${randomUUID()}`;
    const [a, b] = [await cluster.connect(0), await cluster.connect(1)];
    const roomId = await pairClients(a, b);
    await a.request("ice_candidate", { roomId, candidate: { candidate: sent } });
    await a.request("send_message", { roomId, message: sent });
    await b.receive("ice_candidate");
    await a.request(`unknown-${sent}`, { text: sent });
    await a.request("ice_candidate", { roomId: sent, candidate: { candidate: sent } });
    b.cut();
    await b.connected(2);
    expect(b.socket.recovered).toBe(true);
    const token = tokenFor(secret, { sub: userId });
    const talker = await cluster.connect(0, { namespace: "/chat", auth: { token } });
    const { id: entry } = await talker.request("send_message", { text: sent });
    await lineOf({ msg: "entry out", session: idOf(talker), entry });
    const impostor = cluster.client(0, { namespace: "/chat", auth: { token: `${token}x` }, reconnection: false });
    await new Promise((refused) => impostor.socket.once("connect_error", refused));
    const recoveryId = String((b.socket as unknown as { _pid: string })._pid);
    expect(recoveryId.length).toBeGreaterThan(20);
    expect(leaks(sent, userId, token, recoveryId, secret, a.user, b.user)).toEqual([]);
  });

  test("a packet that Redis refused", async () => {
    const sent = `said-${randomUUID()}`;
    const [a, b] = [await cluster.connect(0), await cluster.connect(1)];
    const roomId = await pairClients(a, b);
    const session = keys.session(idOf(b));
    await cluster.redis.rename(session, `${session}:aside`);
    await cluster.redis.set(session, "no hash");
    try {
      const answer = await a.request("ice_candidate", { roomId, candidate: { candidate: sent } });
      expect(answer).toMatchObject({ ok: false, error: { code: "server_error" } });
    } finally {
      await cluster.redis.rename(`${session}:aside`, session);
    }
    const { err, trace } = await lineOf({ msg: "an event failed", event: "ice_candidate", session: idOf(a) });
    expect(err).toMatchObject({ type: "ReplyError", message: expect.stringContaining("WRONGTYPE") });
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(leaks(sent)).toEqual([]);
  });
});
