import { fileURLToPath } from "node:url";
import { measuredSettings, serviceScript } from "../services.ts";
import { checkoutOf } from "./checkout.ts";
import { BENCH_SECRET, type BenchedDialect } from "./dialect-clients.ts";
import type { ClientKind } from "./load-process.ts";
import { type NodeProcess, startNode } from "./node-process.ts";

/** A system under measurement, running: two nodes and what else it needs. */
export interface RunningSystem {
  readonly nodes: readonly [NodeProcess, NodeProcess];
  stop(): Promise<void>;
}

/** One of the systems that are compared. */
export interface System {
  readonly title: string;
  readonly clients: ClientKind;
  /** @param redisUrl an empty Redis */
  start(redisUrl: string): Promise<RunningSystem>;
}

process.env["BENCH_SECRET"] = BENCH_SECRET; // the clients' processes mint tokens with it

const systems: Readonly<Record<string, System>> = {
  switchyard: switchyardOf("Switchyard"),
  match: switchyardOf("Switchyard, match", { clients: "match" }),
  calls: switchyardOf("Switchyard, calls", { clients: "calls" }),
  rooms: switchyardOf("Switchyard, rooms", { clients: "rooms" }),
  chat: switchyardOf("Switchyard, chat", { clients: "chat" }),
  sharded: socketIo("Socket.IO, sharded adapter", "sharded"),
  "sharded-private": socketIo("Socket.IO, sharded adapter, dynamic-private", "sharded-private"),
  classic: socketIo("Socket.IO, classic adapter", "classic"),
  ws: {
    title: "bare ws + pub/sub (the limit)",
    clients: "ws",
    start: (redisUrl) => startNodes("ws", scriptAt("./baseline/baseline-ws.ts"), { REDIS_URL: redisUrl }),
  },
};

/**
 * A system by its name. `switchyard@<commit>` is the Switchyard of another commit, `switchyard@<directory>` that of another
 * checkout.
 * @throws Error naming all that there are, or saying what is wrong with the other checkout
 */
export async function systemNamed(name: string): Promise<System> {
  const [, other] = name.split(/^switchyard@/);
  if (other !== undefined) return switchyardOf(`Switchyard of ${other}`, { checkout: await checkoutOf(other) });
  const system = systems[name];
  if (system === undefined)
    throw new Error(
      `there is no system "${name}", only ${Object.keys(systems).join(", ")} and switchyard@<commit or directory>`,
    );
  return system;
}

interface SwitchyardOptions {
  readonly clients?: BenchedDialect;
  readonly checkout?: string;
}

function switchyardOf(title: string, { clients = "random", checkout }: SwitchyardOptions = {}): System {
  return { title, clients, start: (redisUrl) => startSwitchyard(checkout, redisUrl) };
}

function socketIo(title: string, adapter: string): System {
  const script = scriptAt("./baseline/baseline-socket-io.ts");
  return {
    title,
    clients: "socket.io",
    start: (redisUrl) => startNodes(adapter, script, { REDIS_URL: redisUrl, ADAPTER: adapter }),
  };
}

function startSwitchyard(checkout: string | undefined, redisUrl: string): Promise<RunningSystem> {
  const environment = { ...measuredSettings, REDIS_URL: redisUrl, JWT_SECRET: BENCH_SECRET };
  return startNodes("switchyard", serviceScript("signaling", checkout), environment, [
    ["matchmaker", serviceScript("matchmaker", checkout)],
  ]);
}

/** Starts two nodes, after what they need. If one does not start, those before it are stopped. */
async function startNodes(
  name: string,
  script: string,
  environment: Readonly<Record<string, string>>,
  needed: readonly (readonly [name: string, script: string])[] = [],
): Promise<RunningSystem> {
  const started: NodeProcess[] = [];
  const start = async (one: string, itsScript: string) => {
    const node = await startNode(one, itsScript, environment);
    started.unshift(node);
    return node;
  };
  const stop = async () => {
    for (const node of started) await node.stop();
  };
  try {
    for (const [one, itsScript] of needed) await start(one, itsScript);
    return { nodes: [await start(`${name}-1`, script), await start(`${name}-2`, script)], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function scriptAt(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
