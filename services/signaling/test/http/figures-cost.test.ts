import { roomNamed } from "@switchyard/protocol";
import { keys } from "@switchyard/store";
import { openMonitor, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";

const MEETINGS = 150;
const PEOPLE_IN_EACH = 3;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, matchmakers: 0, environment: patient, examined: false });
  for (let i = 0; i < MEETINGS; i += 1) {
    const room = roomNamed("rooms", `meeting ${i}`);
    await cluster.redis.sadd(keys.presenceRooms("rooms"), room);
    for (let j = 0; j < PEOPLE_IN_EACH; j += 1) await cluster.redis.hset(keys.roomPeers(room), `${i}-${j}`, "{}");
  }
  return cluster.stop;
});

const ask = async (path: string) => (await fetch(cluster.node(0).url + path)).json();

/** The commands that Redis is given while so many ask for each of the paths, and for how many seconds that went on. */
async function cost(paths: readonly string[], times: number): Promise<{ commands: string[][]; seconds: number }> {
  const commands: string[][] = [];
  const end = `the end ${crypto.randomUUID()}`;
  const stop = await openMonitor(cluster.redis, (command) => void commands.push([...command]));
  const from = performance.now();
  await Promise.all(paths.flatMap((path) => Array.from({ length: times }, () => ask(path))));
  const seconds = (performance.now() - from) / 1000;
  await cluster.redis.echo(end);
  await until("the last command to be reported", () => commands.some(([, text]) => text === end));
  stop();
  return { commands, seconds };
}

const count = (commands: readonly string[][], name: string, key: string) =>
  commands.filter(([command = "", ...args]) => command.toLowerCase() === name && args[0] === key).length;

test("150 meetings cost /health no more than 50 would, and the sum is right where all are alike", async () => {
  const { commands } = await cost(["/health"], 1);
  const looked = commands.filter(([name = "", key = ""]) => name.toLowerCase() === "hlen" && key.endsWith(":peers"));
  expect(looked.length).toBeLessThanOrEqual(50);
  const { stats } = (await ask("/health")) as { stats: Record<string, number> };
  expect(stats).toMatchObject({ activeRooms: MEETINGS, totalParticipants: MEETINGS * PEOPLE_IN_EACH });
});

test("many who ask share a reading a second of each figure", async () => {
  const { commands, seconds } = await cost(["/health", "/stats", "/", "/api/stats"], 50);
  const readings = Math.floor(seconds) + 1; // two readings begin a second apart
  expect(count(commands, "srandmember", keys.presenceRooms("rooms"))).toBeLessThanOrEqual(readings);
  expect(count(commands, "hget", keys.counters("rooms"))).toBeLessThanOrEqual(2 * readings);
  expect(count(commands, "scard", keys.presenceRooms("match"))).toBeLessThanOrEqual(3 * readings);
  expect(commands.length).toBeLessThanOrEqual(200 * readings);
});

test("metrics share one too", async () => {
  const from = performance.now();
  const commands: string[][] = [];
  const stop = await openMonitor(cluster.redis, (command) => void commands.push([...command]));
  await Promise.all(Array.from({ length: 50 }, () => cluster.node(0).metric("switchyard_connections")));
  const readings = Math.floor((performance.now() - from) / 1000) + 1;
  stop();
  const [waiting = ""] = commands.filter(([name]) => name?.toLowerCase() === "zcard").map(([, key = ""]) => key);
  expect(waiting).not.toBe("");
  expect(count(commands, "zcard", waiting)).toBeLessThanOrEqual(readings);
});
