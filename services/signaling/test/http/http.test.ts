import { pairClients, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";

let cluster: TestCluster;
let clients: TestClient[];
beforeAll(async () => {
  cluster = await startCluster({ environment: { ...patient, APP_NAME: "Testbed" } });
  clients = await Promise.all([0, 1, 1].map((node) => cluster.connect(node)));
  const [ann, bob, cem] = clients as [TestClient, TestClient, TestClient];
  const roomId = await pairClients(ann, bob);
  await ann.request("send_message", { roomId, message: "?" });
  await bob.request("offer", { roomId, offer: {} });
  await cem.join({ type: "video" });
  await bob.request("offer", {});
  await ann.caughtUp(); // what it has not heard before the cut is not told, but told again
  ann.cut();
  await ann.connected(2);
  return cluster.stop;
});

const get = async (path: string, { url } = cluster.node(0)) => {
  const response = await fetch(url + path);
  return [response.status, await response.json()] as [number, Record<string, unknown>];
};
const identity = (node: number) => ({
  status: "ok",
  app: "Testbed",
  version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
  uptime: expect.any(Number),
  node: cluster.node(node).id,
});
const random = {
  connected: 3,
  rooms: 1,
  messages: 1,
  signals: 1,
  queues: {
    chat: { waiting: 0, pairs: 1, meanWaitMs: expect.any(Number) },
    video: { waiting: 1, pairs: 0, meanWaitMs: 0 },
  },
};

test.each([0, 1])("/health of node %i: who it is, and the sums of the whole cluster", async (node) => {
  const stats = {
    activeMatches: 0,
    connectedUsers: 3,
    totalConnections: 3,
    activeRooms: 1,
    activeCalls: 0,
    totalParticipants: 2,
  };
  expect(await get("/health", cluster.node(node))).toEqual([200, { ...identity(node), stats }]);
});

test.each([0, 1])(
  "/stats of node %i, and / for what isn't a browser: by dialect, of the whole cluster",
  async (node) => {
    const stats = () => get("/stats", cluster.node(node));
    await until("the sums to be written", async () =>
      JSON.stringify(await stats()).includes('"messages":1,"signals":1'),
    );
    const dialects = expect.objectContaining({ random });
    expect(await stats()).toEqual([200, { timestamp: expect.any(String), dialects }]);
    expect(await get("/", cluster.node(node))).toEqual([200, { ...identity(node), dialects }]);
  },
);

test("/healthz and /readyz, of every service", async () => {
  for (const service of [...cluster.nodes, ...cluster.matchmakers]) {
    expect(await get("/healthz", service)).toEqual([200, { status: "ok" }]);
    const ready = await until("it to be ready", async () => {
      const answer = await get("/readyz", service);
      return answer[0] === 200 && answer;
    });
    expect(ready).toEqual([200, { status: "ready", node: service.id }]);
  }
});

test("/metrics of a node: events by type, deliveries, recoveries, times, lag", async () => {
  const response = await fetch(`${cluster.node(1).url}/metrics`);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
  const texts = [response.text(), fetch(`${cluster.node(0).url}/metrics`).then((other) => other.text())];
  const lines = (await Promise.all(texts)).join("\n").split("\n");
  const all = lines
    .filter((line) => /^(switchyard_\w+(_total|_count|s)|nodejs_eventloop_lag_p99_seconds)\{/.test(line))
    .join("\n");
  for (const line of [
    /^switchyard_connections\{.*\} 2$/m,
    /^switchyard_events_in_total\{dialect="random",event="join".*\} \d+$/m,
    /^switchyard_events_out_total\{dialect="random",event="signal".*\} 1$/m,
    /^switchyard_refusals_total\{dialect="random",code="validation".*\} 1$/m,
    /^switchyard_deliveries_total\{outcome="delivered".*\} \d+$/m,
    /^switchyard_resumes_total\{outcome="resumed".*\} 1$/m,
    /^switchyard_redis_seconds_count\{command="deliver-event-2",outcome="answered".*\} \d+$/m,
    /^nodejs_eventloop_lag_p99_seconds/m,
  ]) {
    expect(all).toMatch(line);
  }
  for (const { user, socket } of clients)
    expect(lines.filter((line) => line.includes(user) || line.includes(`${socket.id}`))).toEqual([]);
});

test.each([0, 1])(
  "/metrics of node %i: how many wait in the whole cluster, and how long who it holds has waited",
  async (node) => {
    const metric = (name: string, queue: string) =>
      cluster.node(node).metric(`switchyard_${name}\\{[^}]*queue="${queue}"[^}]*\\}`);
    expect([await metric("queue_length", "video"), await metric("queue_length", "chat")]).toEqual([1, 0]);
    const waited = await Promise.all(["chat", "video"].map((queue) => metric("pairing_wait_seconds_count", queue)));
    expect(waited).toEqual([1, 0]);
  },
);

test("/metrics of a matchmaker: queues, waits, pairings", async () => {
  const [matchmaker] = cluster.matchmakers;
  expect(await matchmaker?.metric('switchyard_queue_length\\{queue="video".*\\}')).toBe(1);
  const text = await (await fetch(`${matchmaker?.url}/metrics`)).text();
  for (const name of ["pairing_seconds", "settle_seconds", "wait_seconds"]) {
    expect(text).toMatch(new RegExp(`^switchyard_${name}_count\\{.*queue="chat".*\\} [12]$`, "m"));
  }
});
