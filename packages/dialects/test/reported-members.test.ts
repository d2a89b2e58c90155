import { keys } from "@switchyard/store";
import { type Acknowledgement, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { inCall, online, start } from "./calls/callers.ts";
import { patient } from "./patient.ts";
import { idOf, roomOf } from "./rooms/joined.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const at = (dialect: string) => ({ namespace: `/${dialect}` });
const grounds = { category: "harassment", reason: "insults" };
const found = async (answer: Acknowledgement) => {
  const report = await cluster.store.reports.find(String(answer["reportId"]));
  if (!report) throw new Error(`there is no report: ${JSON.stringify(answer)}`);
  return report;
};
const code = async (client: TestClient, payload?: object) =>
  (await client.request("report_user", ...(payload === undefined ? [] : [payload]))).error?.code;
const texts = ({ messages }: Awaited<ReturnType<typeof found>>) => messages.map(({ text }) => text);

describe("rooms: report_user", () => {
  test("of a participant of the room, by either name of its id, and of one that wrote and has left", async () => {
    const { roomId, ann, bob, clients } = await roomOf(3, cluster, at("rooms"));
    await bob.request("send-message", { roomId, message: "an insult" });
    const reported = { session: idOf(bob), user: idOf(bob), name: bob.user };
    const report = await found(await ann.request("report_user", { targetId: idOf(bob), ...grounds }));
    expect(report).toMatchObject({ dialect: "rooms", room: `rooms:${roomId}`, category: "harassment", reported });
    expect(texts(report)).toEqual(["an insult"]);
    const again = await ann.request("report_user", { roomId, targetSocketId: idOf(bob) });
    expect(again["reportId"]).toBe(report.id);
    await bob.request("leave-room");
    const [, , cem] = clients as [TestClient, TestClient, TestClient];
    expect(await found(await cem.request("report_user", { targetId: idOf(bob) }))).toMatchObject({ reported });
  });

  test("of the user of its token, whom an operator can ban, also where it has left", async () => {
    const { ann, bob, clients, roomId } = await roomOf(3, cluster, at("rooms"));
    const [, , cem] = clients as [TestClient, TestClient, TestClient];
    await cluster.redis.hset(keys.session(idOf(bob)), "bearer", "robert"); // as where tokens are required
    const reported = { session: idOf(bob), user: "robert", name: bob.user, network: "127.0.0.1" };
    const byAnn = await ann.request("report_user", { roomId, targetId: idOf(bob) });
    await bob.request("send-message", { roomId, message: "an insult" });
    await bob.request("leave-room");
    const byCem = await cem.request("report_user", { roomId, targetId: idOf(bob) });
    for (const answer of [byAnn, byCem]) expect(await found(answer)).toMatchObject({ reported });
  });

  test("of nobody that the sender does not meet there: not itself, not a stranger, not from outside", async () => {
    const { roomId, ann, bob } = await roomOf(2, cluster, at("rooms"));
    const other = await roomOf(2, cluster, at("rooms"));
    expect(await code(ann, { targetId: idOf(ann) })).toBe("validation");
    expect(await code(ann, { targetId: idOf(other.bob) })).toBe("user_offline");
    expect(await code(other.ann, { targetId: idOf(bob), roomId })).toBe("room_not_found");
    expect(await code(await cluster.connect(0, at("rooms")), { targetId: idOf(bob) })).toBe("not_joined");
    expect(await code(ann, { targetId: idOf(bob), category: "rude" })).toBe("validation");
    expect(await code(ann, {})).toBe("validation");
    await bob.request("leave-room");
    await until("it to have left", async () => (await code(ann, { targetId: idOf(bob) })) === "user_offline");
  });
});

describe("calls: report_user", () => {
  test("of a participant, by another one and by a user who was invited", async () => {
    const { clients, callId } = await inCall(cluster, at("calls"), 2);
    const [ann, bob] = clients;
    const reported = { user: bob.user, session: idOf(bob), name: `name of ${bob.user}` };
    const byAnn = await ann.request("report_user", { callId, targetUserId: bob.user, ...grounds });
    expect(await found(byAnn)).toMatchObject({ dialect: "calls", room: `calls:${callId}`, reported, messages: [] });
    const [caller, callee] = await online(cluster, at("calls"), 2);
    await start(caller, `${callId}-2`, callee.user);
    const invited = await callee.receive<{ callId: string }>("incoming-call");
    const byCallee = await callee.request("report_user", { callId: invited.callId, targetUserId: caller.user });
    expect(await found(byCallee)).toMatchObject({ reported: { user: caller.user } });
  });

  test("of nobody that is in no such call", async () => {
    const { clients, callId } = await inCall(cluster, at("calls"), 2);
    const [ann] = clients;
    const [stranger] = await online(cluster, at("calls"), 2);
    expect(await code(ann, { callId, targetUserId: stranger.user })).toBe("user_offline");
    expect(await code(ann, { callId, targetUserId: ann.user })).toBe("validation");
    expect(await code(ann, { callId: "none", targetUserId: stranger.user })).toBe("call_not_found");
    const nobody = await cluster.connect(0, at("calls"));
    expect(await code(nobody, { callId, targetUserId: ann.user })).toBe("not_joined");
  });
});
