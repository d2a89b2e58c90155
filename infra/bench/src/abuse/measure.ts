import { fork } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Ask, asker, type Calls } from "../calls.ts";
import { end, own } from "../children.ts";
import { cpuMs } from "../cpu-time.ts";
import { type RedisServer, startRedisServer } from "../redis-server.ts";
import { type NodeProcess, startNode } from "../relay/node-process.ts";
import { serviceScript, startMatchmaker } from "../services.ts";
import type { AttackerCalls } from "./attacker-process.ts";
import type { AttackName } from "./attacks.ts";
import type { Honest, HonestCalls } from "./honest-process.ts";

const ATTACKER_ADDRESS = "127.0.0.66";
const READ_EVERY_MS = 500;

/** The size of a measurement. */
export interface Plan {
  readonly honest: number;
  readonly names: readonly AttackName[];
  /** How long the attack lasts, and how long it is waited for memory after it. */
  readonly seconds: number;
  readonly restSeconds: number;
}

/** The cost of an attack, without that of the honest clients in the time before it. */
export interface Cost {
  readonly redisGrowthBytes: number;
  /** Beyond what it was before, when the time after the attack was over. */
  readonly redisLeftBytes: number;
  /** Cores of both nodes together, and of Redis, without what the honest clients need. */
  readonly nodeCores: number;
  readonly redisCores: number;
  readonly redisCommandsPerSecond: number;
  /** The bytes that the nodes counted for the clients, honest ones too: of events, of deliveries, of sessions. */
  readonly chargedBytes: Readonly<Record<string, number>>;
  /** The longest time for which a node did nothing else, in ms. */
  readonly longestTurnMs: number;
  /** The honest clients before the attack, and during it. */
  readonly before: Honest;
  readonly during: Honest;
}

/** Two nodes and a matchmaker with default settings on a Redis of their own, honest clients, and one that is not. */
export async function measureAbuse(plan: Plan, onStep: (step: string) => void): Promise<Cost> {
  const redis = await startRedisServer({ appendOnly: false });
  const stops: (() => Promise<void>)[] = [redis.stop];
  try {
    const nodes: NodeProcess[] = [];
    for (const name of ["abuse-1", "abuse-2"]) {
      nodes.push(await startNode(name, serviceScript("signaling"), { REDIS_URL: redis.url, LOG_LEVEL: "error" }));
    }
    const matchmaker = await startMatchmaker(redis.url, "abuse-matchmaker");
    stops.push(...[...nodes, matchmaker].map((service) => service.stop));
    const honest = startChild<HonestCalls>("honest-process.ts", "honest clients");
    const attacker = startChild<AttackerCalls>("attacker-process.ts", "attacker");
    stops.push(honest.stop, attacker.stop);
    return await measure(plan, { redis, nodes, honest: honest.ask, attacker: attacker.ask }, onStep);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

interface Scene {
  readonly redis: RedisServer;
  readonly nodes: readonly NodeProcess[];
  readonly honest: Ask<HonestCalls>;
  readonly attacker: Ask<AttackerCalls>;
}

async function measure(plan: Plan, scene: Scene, onStep: (step: string) => void): Promise<Cost> {
  const { honest, attacker, nodes } = scene;
  const urls = nodes.map(({ url }) => url);
  await honest("gather", { urls, clients: plan.honest });
  onStep(`${plan.honest} honest clients are paired`);
  await honest("begin", urls);
  const quiet = await during(scene, [], () => pause(Math.max(5, plan.seconds / 6) * 1000));
  const before = await honest("halt");
  const own = await outboxesIn(scene.redis);
  const memoryBefore = await usedMemory(scene.redis, own);
  onStep(`the attack begins: ${plan.names.join(", ")}`);
  await honest("begin", urls);
  for (const node of nodes) await node.ask("watchDelay");
  const chargedBefore = await chargedBytes(nodes);
  const attack = await during(scene, own, () => {
    const { names, seconds } = plan;
    return attacker("attack", { names, urls, address: ATTACKER_ADDRESS, seconds });
  });
  const told = await honest("halt");
  const longestTurnMs = Math.max(...(await Promise.all(nodes.map((node) => node.ask("longestDelay")))));
  const charged = Object.entries(await chargedBytes(nodes)).map(
    ([of, bytes]) => [of, bytes - (chargedBefore[of] ?? 0)] as const,
  );
  onStep(`it is over; memory is read again after ${plan.restSeconds} s`);
  await pause(plan.restSeconds * 1000);
  return {
    redisGrowthBytes: attack.mostBytes - memoryBefore,
    redisLeftBytes: (await usedMemory(scene.redis, own)) - memoryBefore,
    nodeCores: attack.nodeCores - quiet.nodeCores,
    redisCores: attack.redisCores - quiet.redisCores,
    redisCommandsPerSecond: attack.commandsPerSecond - quiet.commandsPerSecond,
    chargedBytes: Object.fromEntries(charged),
    longestTurnMs,
    before,
    during: told,
  };
}

interface Load {
  readonly nodeCores: number;
  readonly redisCores: number;
  readonly commandsPerSecond: number;
  readonly mostBytes: number;
}

/** The load of nodes and Redis while something is done. */
async function during({ redis, nodes }: Scene, own: readonly string[], act: () => Promise<unknown>): Promise<Load> {
  const nodeCpuMs = () => nodes.reduce((total, { pid }) => total + cpuMs(pid), 0);
  const [begun, nodesBegun] = [await redis.read(), nodeCpuMs()];
  let isOver = false;
  const acting = act().finally(() => {
    isOver = true;
  });
  let mostBytes = 0;
  while (!isOver) {
    mostBytes = Math.max(mostBytes, await usedMemory(redis, own));
    await Promise.race([acting, pause(READ_EVERY_MS)]);
  }
  const [ended, nodesEnded] = [await redis.read(), nodeCpuMs()];
  const ms = ended.atMs - begun.atMs;
  const commandsOf = ({ calls }: typeof begun) =>
    [...calls].reduce((total, [name, count]) => (name.startsWith("memory") ? total : total + count), 0);
  return {
    nodeCores: (nodesEnded - nodesBegun) / ms,
    redisCores: (ended.cpuMs - begun.cpuMs) / ms,
    commandsPerSecond: (1000 * (commandsOf(ended) - commandsOf(begun))) / ms,
    mostBytes,
  };
}

/** @param without keys that are none of the attack's doing: the honest clients' outboxes grow as they send */
async function usedMemory({ client }: RedisServer, without: readonly string[]): Promise<number> {
  const [info, ...sizes] = await Promise.all([
    client.info("memory"),
    ...without.map((key) => client.memory("USAGE", key, "SAMPLES", 0)),
  ]);
  const used = Number(/^used_memory_dataset:(\d+)/m.exec(info)?.[1]);
  return sizes.reduce<number>((rest, size) => rest - (size ?? 0), used);
}

async function outboxesIn({ client }: RedisServer): Promise<string[]> {
  const found: string[] = [];
  for await (const keys of client.scanStream({ match: "sy:{session:*:out", count: 1000 })) found.push(...keys);
  return found;
}

async function chargedBytes(nodes: readonly NodeProcess[]): Promise<Record<string, number>> {
  const total: Record<string, number> = {};
  for (const { url } of nodes) {
    const text = await (await fetch(`${url}/metrics`)).text();
    for (const [, of = "", bytes] of text.matchAll(/^switchyard_charged_bytes_total\{.*of="(\w+)".*\} (\S+)$/gm)) {
      total[of] = (total[of] ?? 0) + Number(bytes);
    }
  }
  return total;
}

function startChild<Known extends Calls>(file: string, name: string) {
  const script = fileURLToPath(new URL(`./${file}`, import.meta.url));
  const child = own(fork(script, { execArgv: ["--conditions=source"], stdio: ["ignore", 2, 2, "ipc"] }));
  return { ask: asker<Known>(child, name), stop: () => end(child) };
}
