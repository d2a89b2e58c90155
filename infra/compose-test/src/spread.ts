import { openStore } from "@switchyard/store";
import { until } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { io, type Socket } from "socket.io-client";
import type { Deployment } from "./deployment.ts";
import type { Report } from "./report.ts";

const CLIENTS = 1000;
const REPLICAS = 4;
const MOST_OFF = 0.15;
const CONNECTED_WITHIN_MS = 120_000;

/** A thousand clients from one address, by polling first as browsers do, all at once. */
export async function checkSpread(deployment: Deployment, report: Report): Promise<void> {
  await deployment.up(REPLICAS);
  const badBefore = await badRequests(deployment);
  const complaints: string[] = [];
  const sockets = Array.from({ length: CLIENTS }, () => {
    const socket = io(`${deployment.url}/random`, { forceNew: true, transports: ["polling", "websocket"] });
    socket.io.engine.on("error", (error) => complaints.push(String(error)));
    socket.on("connect_error", (error) => complaints.push(error.message));
    return socket;
  });
  try {
    await until("all to be connected", () => sockets.every(({ connected }) => connected), CONNECTED_WITHIN_MS);
    await until("all to be upgraded", () => sockets.every(isUpgraded), CONNECTED_WITHIN_MS);
    const perNode = await countByNode(deployment, sockets);
    const even = CLIENTS / REPLICAS;
    const off = Math.max(...perNode.map((count) => Math.abs(count - even))) / even;
    report.say(`${CLIENTS} clients from one address: ${perNode.join(", ")}; ${complaints.length} errors at clients`);
    const isEven = perNode.length === REPLICAS && off <= MOST_OFF;
    report.check("they are spread evenly", isEven, `one node is ${Math.round(off * 100)} % off`);
    const bad = (await badRequests(deployment)) - badBefore;
    const seen = `${bad} were, and clients saw ${complaints.slice(0, 3).join("; ") || "no error"}`;
    report.check("none is answered 400 (Session ID unknown)", bad === 0 && complaints.length === 0, seen);
  } finally {
    for (const socket of sockets) socket.disconnect();
  }
}

function isUpgraded({ io }: Socket): boolean {
  return io.engine.transport.name === "websocket";
}

async function countByNode(deployment: Deployment, sockets: readonly Socket[]): Promise<number[]> {
  const redis = new Redis(await deployment.redisUrl());
  try {
    const store = await openStore(redis, { outboxEvents: 256 });
    const records = await Promise.all(sockets.map(({ id }) => store.sessions.read(id ?? "")));
    const counts = new Map<string, number>();
    for (const record of records) if (record) counts.set(record.node, (counts.get(record.node) ?? 0) + 1);
    return [...counts.values()];
  } finally {
    redis.disconnect();
  }
}

/** How many requests nginx has seen answered with 400. */
async function badRequests(deployment: Deployment): Promise<number> {
  const log = await deployment.logs("nginx");
  return log.split("\n").filter((line) => line.includes('"status":400,')).length;
}
