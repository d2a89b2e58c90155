import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Environment,
  pairClients,
  type ServiceProcess,
  startLocalRedis,
  startProcessCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { patient } from "../patient.ts";
import { type Copying, copyings } from "./stored-copy.ts";

const environment = { ...patient, JWT_SECRET: "a secret that these tests alone know", ROOM_LINGER_MS: 500 };
/** The nodes that are killed are soon given up in the new cluster, whose matchmaker gives their sessions little time. */
const old: Environment = { ...environment, LEASE_MS: 3000 };
const SWEPT_MS = 500;
const password = "correct horse";

interface StoredMessage {
  readonly id: string;
  readonly text: string;
}

/** A cluster on a Redis as Compose runs it: no Redis Cluster, with an append-only file. */
async function startOn(
  directory: string,
  environment: Environment,
  examined: boolean,
): Promise<TestCluster<ServiceProcess>> {
  const redis = await startLocalRedis({ appendOnly: true, cluster: false, directory });
  onTestFinished(redis.stop);
  const cluster = await startProcessCluster({ redis, environment, examined, nodes: 2, matchmakers: 0 });
  onTestFinished(cluster.stop);
  return cluster;
}

async function tokenFrom(
  cluster: TestCluster<ServiceProcess>,
  route: "register" | "login",
  username: string,
): Promise<string> {
  const response = await fetch(`${cluster.node(0).url}/api/auth/${route}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  expect(response.ok).toBe(true);
  return ((await response.json()) as { token: string }).token;
}

/** The chatroom's whole history, page by page from the end. */
async function historyOf(client: TestClient): Promise<string[]> {
  const all: StoredMessage[] = [];
  for (let hasMore = true; hasMore; ) {
    const answer = await client.request("load_messages", { before: all[0]?.id, limit: 100 });
    all.unshift(...(answer["messages"] as StoredMessage[]));
    hasMore = answer["hasMore"] as boolean;
  }
  return all.map(({ text }) => text);
}

/** People everywhere: two who talk, one who blocked another, one who waits, a meeting, and one in the chatroom. */
async function fill(cluster: TestCluster<ServiceProcess>) {
  const username = `ann-${crypto.randomUUID().slice(0, 8)}`;
  const token = await tokenFrom(cluster, "register", username);
  const ann = await cluster.connect(0, { namespace: "/chat", auth: { token } });
  const pair = async () => {
    const [one, two] = await Promise.all([cluster.connect(0), cluster.connect(1)]);
    return { one, two, roomId: await pairClients(one, two) };
  };
  await pair();
  const { one, two, roomId } = await pair();
  expect(await one.request("block_user", { roomId })).toMatchObject({ ok: true });
  const waiting = await cluster.connect(1);
  await waiting.join({ type: "video" });
  const guest = await cluster.connect(1, { namespace: "/rooms" });
  const meeting = { roomId: crypto.randomUUID(), userName: "Guest" };
  expect(await guest.request("join-room", meeting)).toMatchObject({ ok: true });
  return { username, token, ann, blocker: one.user, blocked: two.user };
}

/** Sends without a pause until it is stopped. `said`: the messages that were acknowledged. */
function send(client: TestClient): { readonly said: readonly string[]; stop(): Promise<void> } {
  const sent: string[] = [];
  let goesOn = true;
  const sending = (async () => {
    for (let i = 0; goesOn; i += 1) {
      const text = `line ${i}`;
      if ((await client.request("send_message", { text })).ok) sent.push(text);
    }
  })();
  const stop = () => {
    goesOn = false;
    return sending;
  };
  return { said: sent, stop };
}

async function killAll({ nodes, matchmakers, redisServer }: TestCluster<ServiceProcess>): Promise<void> {
  await redisServer.stop();
  await Promise.all([...nodes, ...matchmakers].map((service) => service.kill()));
}

async function expectNobody({ store, redis }: TestCluster<ServiceProcess>): Promise<void> {
  await until("all who were there to be gone", async () => {
    const counts = ["random", "rooms", "chat"] as const;
    const left = [
      ...counts.flatMap((dialect) => [store.presence.count(dialect), store.presence.rooms(dialect)]),
      store.queues.figures("video").then(({ waiting }) => waiting),
      redis.keys("sy:{session:*").then(({ length }) => length),
    ];
    return (await Promise.all(left)).every((figure) => figure === 0);
  });
}

const name = "$way, taken while people talk, brings back what is worth it";
test.for(copyings)(name, async ({ take, lay }: Copying) => {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-backup-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const [used, fresh, copy] = [join(directory, "used"), join(directory, "new"), join(directory, "copy")] as const;
  await Promise.all([mkdir(used), mkdir(fresh)]);

  const before = await startOn(used, old, false);
  await before.start("matchmaker");
  const { username, token, ann, blocker, blocked } = await fill(before);
  const { said: sent, stop } = send(ann);
  await until("some to be said", () => sent.length > 20);
  const saidBefore = sent.length;
  await take(before.redisServer, used, copy);
  await stop();
  await killAll(before);

  await lay(copy, fresh);
  const after = await startOn(fresh, environment, true);
  for (const { id } of before.nodes) await after.store.nodes.describe(id, { noticeMs: "0" }); // nobody is there to notice
  await after.start("matchmaker", { RECONNECT_GRACE_MS: SWEPT_MS });
  await expectNobody(after);
  for (const shown of [token, await tokenFrom(after, "login", username.toUpperCase())]) {
    const client = await after.connect(1, { namespace: "/chat", auth: { token: shown } });
    const history = await historyOf(client);
    expect(history).toEqual(sent.slice(0, history.length));
    expect(history.length).toBeGreaterThanOrEqual(saidBefore);
    client.leave();
  }
  const taken = await fetch(`${after.node(0).url}/api/auth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  expect(taken.status).toBe(409);
  expect(await after.redis.smembers(`sy:{user:random:${blocker}}:blocked`)).toEqual([blocked]);
  await fill(after);
});
