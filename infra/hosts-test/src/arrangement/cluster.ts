import { until } from "@switchyard/testkit";
import type { Redis } from "ioredis";
import type { Host } from "../hosts/host.ts";
import { disconnect, serverArguments, startServer } from "./redis.ts";

const [MASTER_PORT, REPLICA_PORT] = [6379, 6380];
const SLOTS = 16_384;
const clusterArguments = [...serverArguments, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000"];

/** A master on each host, and a replica of it on the next one. Resolves to the `REDIS_URL`. */
export async function arrangeCluster(hosts: readonly Host[], directory: string): Promise<string> {
  const start = (port: number) =>
    Promise.all(hosts.map((host) => startServer({ host, port, directory, args: clusterArguments })));
  const masters = await start(MASTER_PORT);
  const replicas = await start(REPLICA_PORT);
  const all = [...masters, ...replicas];
  await Promise.all(masters.map((redis, index) => redis.call("CLUSTER", "ADDSLOTSRANGE", ...slotsOf(index, masters))));
  const places = [MASTER_PORT, REPLICA_PORT].flatMap((port) => hosts.map(({ address }) => [address, port] as const));
  for (const [address, port] of places) await masters[0]?.call("CLUSTER", "MEET", address, String(port));
  await untilAll(all, "know each other", (info) => info.includes(`cluster_known_nodes:${all.length}\r`));
  for (const [index, replica] of replicas.entries()) {
    const id = await masters[(index + masters.length - 1) % masters.length]?.call("CLUSTER", "MYID");
    await replica.call("CLUSTER", "REPLICATE", String(id));
  }
  await untilAll(all, "serve", (info) => info.includes("cluster_state:ok"));
  await Promise.all(replicas.map((replica) => until("a replica to follow", async () => isFollowing(replica))));
  disconnect(all);
  return hosts.map(({ address }) => `redis://${address}:${MASTER_PORT}`).join(",");
}

function slotsOf(index: number, masters: readonly Redis[]): [from: string, to: string] {
  const [from = 0, to = 0] = [index, index + 1].map((part) => Math.floor((part * SLOTS) / masters.length));
  return [String(from), String(to - 1)];
}

async function untilAll(all: readonly Redis[], what: string, holds: (info: string) => boolean): Promise<void> {
  await until(`all servers to ${what}`, async () => {
    const infos = await Promise.all(all.map((redis) => redis.cluster("INFO")));
    return infos.every((info) => holds(String(info)));
  });
}

async function isFollowing(replica: Redis): Promise<boolean> {
  return (await replica.info("replication")).includes("master_link_status:up");
}
