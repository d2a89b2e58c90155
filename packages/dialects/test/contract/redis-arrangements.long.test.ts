import { keys } from "@switchyard/store";
import {
  CleanUp,
  type RedisProcess,
  type Service,
  startCluster,
  startRedisCluster,
  startSentinels,
  type TestClient,
  type TestCluster,
  type TestRedis,
  until,
} from "@switchyard/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import { patient } from "../patient.ts";
import { driver as random } from "../random/driver.ts";
import type { Meeting } from "./driver.ts";
import { drivers } from "./drivers.ts";
import { catchUp, listen, numbered, numbersIn } from "./hearing.ts";
import { served } from "./served.ts";
import { meetTalkAndPart } from "./whole-visit.ts";

interface Replicated {
  readonly redis: TestRedis;
  /** The server that has a key now. */
  masterOf(key: string): Promise<RedisProcess>;
  /** Hands a master's part over to its replica, so that nothing is lost; sentinels can't do that. */
  handOver?(master: RedisProcess): Promise<unknown>;
}

type Host = readonly [address: string, port: number];
type Range = readonly [from: number, to: number, master: Host, ...replicas: Host[]];

async function redisCluster(cleanUp: CleanUp): Promise<Replicated> {
  const redis = await startRedisCluster(cleanUp, { replicas: true });
  const servers = [...redis.masters, ...redis.replicas];
  const [first] = servers as [RedisProcess];
  const serversOf = async (has: (range: Range) => boolean) => {
    const ranges = (await first.redis.cluster("SLOTS")) as unknown as Range[];
    return ranges.find((range) => has(range))?.slice(2) as Host[];
  };
  const serverAt = (host?: Host) => servers.find(({ port }) => port === host?.[1]) as RedisProcess;
  return {
    redis,
    masterOf: async (key) => {
      const slot = await first.redis.cluster("KEYSLOT", key);
      const [master] = await serversOf(([from, to]) => from <= slot && slot <= to);
      return serverAt(master);
    },
    handOver: async ({ port }) => {
      const [, replica] = await serversOf(([, , [, master]]) => master === port);
      await serverAt(replica).redis.call("CLUSTER", "FAILOVER");
    },
  };
}

async function sentinels(cleanUp: CleanUp): Promise<Replicated> {
  const redis = await startSentinels(cleanUp);
  const [first] = redis.sentinels as [RedisProcess];
  return {
    redis,
    masterOf: async () => {
      const [, port] = (await first.redis.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "first")) as [string, string];
      return [redis.master, redis.replica].find((server) => server.port === Number(port)) as RedisProcess;
    },
  };
}

/** Both sides send numbers, one after the other is acknowledged, until told to stop. */
function converse({ sides, signal }: Meeting) {
  const acknowledged = new Map<TestClient, number[]>(sides.map((side) => [side, []]));
  let stopped = false;
  const talk = async (side: TestClient) => {
    for (let i = 0; !stopped; i += 1) {
      const { ok } = await side.request(...signal(side, numbered(i)));
      if (ok) acknowledged.get(side)?.push(i);
      else await new Promise((resume) => setTimeout(resume, 20)); // a client would pause too
    }
  };
  const talking = Promise.all(sides.map(talk));
  const lastOf = (side: TestClient) => acknowledged.get(side)?.at(-1) ?? -1;
  return {
    acknowledgedBy: (side: TestClient) => acknowledged.get(side) ?? [],
    lasts: () => sides.map(lastOf),
    more: (than: readonly number[]) =>
      until("more to be said", () => sides.every((side, i) => lastOf(side) > (than[i] ?? 0) + 50)),
    stop: async () => {
      stopped = true;
      await talking;
    },
  };
}

const statusOf = async ({ url }: Service) => (await fetch(`${url}/readyz`)).status;

describe.each([
  ["a Redis Cluster of three masters and their replicas", redisCluster],
  ["a master and a replica, watched by three sentinels", sentinels],
] as const)("%s", (_, start) => {
  const cleanUp = new CleanUp();
  let replicated: Replicated;
  let cluster: TestCluster;
  beforeAll(async () => {
    replicated = await start(cleanUp);
    // what a master took with it is missed by the nodes once a lease
    const environment = { ...patient, JWT_SECRET, LEASE_MS: 10_000 };
    cluster = await startCluster({ dialects: served, redis: replicated.redis, matchmakers: 2, environment });
    return cluster.stop;
  });
  afterAll(cleanUp.run);

  const are = (status: number, services: readonly Service[]) =>
    until(`services to say ${status}`, async () =>
      (await Promise.all(services.map(statusOf))).every((found) => found === status),
    );
  const pair = async () => {
    const clients = await Promise.all([random.connect(cluster, 0), random.connect(cluster, 1)]);
    return random.meet(...(clients as [TestClient, TestClient]));
  };
  const masterOf = ({ sides: [one] }: Meeting) => replicated.masterOf(keys.session(one.socket.id as string));

  test.each(drivers)("$dialect: two meet, talk, one comes back at another node, and goes", async (driver) => {
    await meetTalkAndPart(driver, cluster);
    await cluster.empty();
  });

  test("a master hands over to its replica while two talk: nothing is lost, doubled or out of order", async ({
    skip,
  }) => {
    if (!replicated.handOver) return skip("sentinels can't");
    const meeting = await pair();
    const received = listen(...meeting.sides);
    const conversation = converse(meeting);
    const before = await masterOf(meeting);
    await conversation.more([0, 0]);
    await replicated.handOver(before);
    await until("the replica to be the master", async () => (await masterOf(meeting)) !== before);
    await are(200, [...cluster.nodes, ...cluster.matchmakers]);
    await conversation.more(conversation.lasts());
    await conversation.stop();
    await catchUp(...meeting.sides);
    for (const [i, side] of meeting.sides.entries()) {
      const numbers = numbersIn(received(side));
      const sent = conversation.acknowledgedBy(meeting.sides[1 - i] as TestClient);
      expect(numbers).toEqual([...new Set(numbers)].toSorted((one, two) => one - two));
      expect(sent.filter((number) => !numbers.includes(number))).toEqual([]);
      expect(side.connects).toBe(1);
    }
    await cluster.empty();
  });

  test("a master is killed: nodes are not ready until its replica took over; then all goes on, and messages arrive", async () => {
    const meeting = await pair();
    const received = listen(...meeting.sides);
    const conversation = converse(meeting);
    await conversation.more([0, 0]);
    await (await masterOf(meeting)).kill();
    await are(503, cluster.nodes);
    await are(200, [...cluster.nodes, ...cluster.matchmakers]);
    const [matchmaker, another] = cluster.matchmakers as [Service, Service];
    await another.stop(); // it waits for nothing that went with the old master
    const since = conversation.lasts();
    await conversation.more(since);
    await conversation.stop();
    await catchUp(...meeting.sides);
    for (const [i, side] of meeting.sides.entries()) {
      const numbers = numbersIn(received(side));
      const sent = conversation.acknowledgedBy(meeting.sides[1 - i] as TestClient);
      expect(numbers).toEqual([...new Set(numbers)].toSorted((one, two) => one - two));
      // what was acknowledged just before the master died may not have reached its replica
      const sure = sent.filter((number) => number > (since[1 - i] ?? 0));
      expect(sure.filter((number) => !numbers.includes(number))).toEqual([]);
    }
    const fresh = await pair();
    await catchUp(...fresh.sides);
    const sweeps = await matchmaker.metric("switchyard_sweeps_total");
    await until("sweeps to go on", async () => (await matchmaker.metric("switchyard_sweeps_total")) > sweeps);
    await cluster.empty();
  });
});
