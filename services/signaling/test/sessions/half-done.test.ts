import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { openRedisLink, type RedisLink } from "../lifecycle/redis-link.ts";
import { patient } from "../patient.ts";

let cluster: TestCluster;
let link: RedisLink;
/** Its connections go to a node that loses Redis in the middle of an event, the other one's do not. */
let ann: TestClient;
let bob: TestClient;
const callId = "a-call";

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, environment: { ...patient, MATCH_WIDEN_MS: 600_000 } });
  link = await openRedisLink(cluster.redisServer.port);
  await cluster.start("signaling", { REDIS_URL: link.url });
  return async () => {
    await cluster.stop();
    await link.close();
  };
});

beforeEach(async () => {
  await cluster.empty();
});

async function connectBoth(namespace: string): Promise<void> {
  [ann, bob] = await Promise.all([cluster.connect(1, { namespace }), cluster.connect(0, { namespace })]);
}

const isPartner = ({ name }: { readonly name: string }) => name === "partner_found";

/** The event is refused, because Redis did not answer one of its commands: its client does not send it again. */
async function expectRefused(answer: Promise<unknown>): Promise<void> {
  expect(await answer).toMatchObject({ ok: false, error: { code: "server_error", retryable: true } });
}

async function comeOnline(client: TestClient) {
  const joinedAt = "2026-01-02T03:04:05.678Z";
  expect(await client.request("user-joined", { id: client.user, username: client.user, joinedAt })).toEqual({
    ok: true,
  });
}

/** The participants that its next event of that name lists. */
async function listed(client: TestClient, name: string): Promise<unknown[]> {
  const event = await until(`"${name}" to be received`, () => client.received.find((one) => one.name === name));
  return (event.args[0] as { participants: { id: string }[] }).participants.map(({ id }) => id);
}

async function startCall(): Promise<void> {
  await connectBoth("/calls");
  await Promise.all([comeOnline(ann), comeOnline(bob)]);
  const call = { id: callId, initiator: bob.user, participants: [], isVideo: true };
  expect(await bob.request("start-call", call)).toEqual({ ok: true });
}

test("a user that came into a call as Redis went is announced to the others when it is back", async () => {
  await startCall();
  link.breakAt("user-joined-call");
  await expectRefused(ann.request("join-call", { callId, user: ann.user }));
  expect(await listed(bob, "user-joined-call")).toEqual([bob.user, ann.user]);
  expect(await listed(ann, "call-participants")).toEqual([bob.user, ann.user]);
});

test("a user that left a call as Redis went is gone for the others when it is back", async () => {
  await startCall();
  expect(await ann.request("join-call", { callId, user: ann.user })).toEqual({ ok: true });
  link.breakAt("user-left-call");
  await expectRefused(ann.request("leave-call", { callId, userId: ann.user }));
  expect(await listed(bob, "user-left-call")).toEqual([bob.user]);
});

test("a user that asked for a partner as Redis went waits in the queue when it is back", async () => {
  await connectBoth("/random");
  const queued = async () => (await cluster.store.queues.figures("chat")).waiting;
  link.breakAt(`{"user":"${ann.user}","since":`); // its ticket, on its way into the queue
  await expectRefused(ann.join());
  await until("it to wait", async () => (await queued()) === 1);
  expect(await bob.join()).toEqual({ ok: true });
  await Promise.all([ann, bob].map((client) => until("a partner", () => client.received.find(isPartner))));
});
