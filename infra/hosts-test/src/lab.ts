import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { until } from "@switchyard/testkit";
import { arrangeCluster } from "./arrangement/cluster.ts";
import { arrangeSentinel } from "./arrangement/sentinel.ts";
import { Host } from "./hosts/host.ts";
import { firstMessage } from "./hosts/process.ts";
import { type HostName, type Place, planAddresses, type Role } from "./network/address-plan.ts";
import { Faults } from "./network/faults.ts";
import { routerOf } from "./network/namespaces.ts";
import { directoryOf, type Run } from "./run.ts";

export type RedisKind = "sentinel" | "cluster";
export type FrontKind = "nginx" | "local";

const NODE_PORT = 3000;
const FRONT_PORT = 8080;
const DOMAIN = "switchyard.test";
const ENOUGH = "1000000000";
/** No limit is to be what a test finds; everything else is as by default. */
const unlimited = {
  RATE_LIMIT_POINTS: ENOUGH,
  SIGNAL_RATE_LIMIT_POINTS: ENOUGH,
  HTTP_RATE_LIMIT_POINTS: ENOUGH,
  CREATE_ROOM_RATE_LIMIT_POINTS: ENOUGH,
  CONNECT_RATE_LIMIT_POINTS: ENOUGH,
  MAX_REFUSED_EVENTS: ENOUGH,
  ADDRESS_RATE_LIMIT_USERS: "0",
  MAX_CONNECTIONS_PER_IP: "0",
};

/** The URLs that clients connect to, in turn: each of one proxy, which alone knows where its Engine.IO sessions are. */
export const frontUrls: readonly string[] = placesOf("proxy").map(({ name }) => urlOf(name));

/** The same, by names that stand for all proxies: a client tries the first one, and where that does not answer the next one. */
export const sharedFrontUrls: readonly string[] = placesOf("proxy").map(({ name }) => urlOf(`${name}-or-another`));

/** The names in those URLs, and the addresses of each. */
export function frontNames(): ReadonlyMap<string, readonly string[]> {
  const addresses = placesOf("proxy").map(({ address }) => address);
  const names = placesOf("proxy").flatMap(({ name, address }, index) => [
    [`${name}.${DOMAIN}`, [address]] as const,
    [`${name}-or-another.${DOMAIN}`, [...addresses.slice(index), ...addresses.slice(0, index)]] as const,
  ]);
  return new Map(names);
}

function urlOf(name: string): string {
  return `http://${name}.${DOMAIN}:${FRONT_PORT}`;
}

/** `host:port` of each node. */
export function nodeAddresses(): string[] {
  return placesOf("signaling").map(({ address }) => `${address}:${NODE_PORT}`);
}

function placesOf(role: Role): Place[] {
  return planAddresses().filter((place) => place.role === role);
}

/** The cluster on its hosts. It is used from one of the hosts of clients, since nobody else reaches it. */
export class Lab {
  readonly run: Run;
  readonly faults: Faults;
  readonly #hosts: readonly Host[];
  redisUrl = "";

  constructor(run: Run) {
    this.run = run;
    this.faults = new Faults(routerOf(run));
    this.#hosts = planAddresses().map((place) => new Host(run, place));
  }

  /** All hosts that do this. */
  hosts(...roles: readonly Role[]): readonly Host[] {
    return this.#hosts.filter(({ place }) => roles.includes(place.role));
  }

  addresses(...roles: readonly Role[]): string[] {
    return this.hosts(...roles).map(({ address }) => address);
  }

  host(name: HostName): Host {
    const found = this.#hosts.find((host) => host.name === name);
    if (!found) throw new Error(`there is no host ${name}`);
    return found;
  }

  /** Starts everything, and resolves when it is ready. */
  async start(redis: RedisKind, front: FrontKind): Promise<void> {
    const directory = join(directoryOf(this.run), "redis");
    await mkdir(directory, { recursive: true });
    const arrange = redis === "sentinel" ? arrangeSentinel : arrangeCluster;
    this.redisUrl = await arrange(this.hosts("redis"), directory);
    await Promise.all(this.hosts("signaling", "matchmaker").map((host) => this.startService(host)));
    if (front === "local") await Promise.all(this.hosts("proxy").map((host) => startProxy(host)));
    await Promise.all(this.addresses("proxy").map(untilOpen));
  }

  /** Starts what a host is for, and resolves when it is ready. */
  async startService(host: Host): Promise<void> {
    const {
      name,
      place: { role },
    } = host;
    const environment = {
      ...unlimited,
      NODE_NAME: name,
      PORT: String(NODE_PORT),
      REDIS_URL: this.redisUrl,
      TRUST_PROXY: "1",
    };
    await firstMessage(host.startNode("service", `services/${role}/src/main.ts`, [], environment), name);
  }
}

async function startProxy(host: Host): Promise<void> {
  const nodes = [String(FRONT_PORT), ...nodeAddresses()];
  await firstMessage(host.startNode("proxy", "infra/hosts-test/src/front/main.ts", nodes, {}), host.name);
}

function untilOpen(address: string): Promise<unknown> {
  return until("a proxy to answer", async () => {
    const { status } = await fetch(`http://${address}:${FRONT_PORT}/readyz`, { signal: AbortSignal.timeout(2000) });
    return status === 200;
  });
}
