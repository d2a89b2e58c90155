import { openStore } from "@switchyard/store";
import type { CheckReport } from "@switchyard/testkit";
import { until } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { io, type Socket } from "socket.io-client";
import type { Deployment } from "./deployment.ts";

const CLIENTS = 1000;
const REPLICAS = 4;
/** How many come at the same moment. */
const AT_ONCE = 100;
const MOST_OFF = 0.15;
const CONNECTED_WITHIN_MS = 120_000;
const UPGRADED_WITHIN_MS = 30_000;

/** A thousand clients from one address, by polling first as browsers do, in crowds. */
export async function checkSpread(deployment: Deployment, report: CheckReport): Promise<void> {
  await deployment.up(REPLICAS);
  const begun = new Date();
  const complaints: string[] = [];
  const sockets: Socket[] = [];
  const enter = () => {
    const socket = io(`${deployment.url}/random`, { forceNew: true, transports: ["polling", "websocket"] });
    socket.io.engine.on("error", (error) => complaints.push(described(error)));
    socket.on("connect_error", (error) => complaints.push(described(error)));
    sockets.push(socket);
  };
  try {
    while (sockets.length < CLIENTS) {
      for (let count = 0; count < AT_ONCE; count += 1) enter();
      await until("all to be connected", () => sockets.every(({ connected }) => connected), CONNECTED_WITHIN_MS);
    }
    // one whose upgrade failed polls on
    await until("all to be upgraded", () => sockets.every(isUpgraded), UPGRADED_WITHIN_MS).catch(() => {});
    const perNode = await countByNode(deployment, sockets);
    const even = CLIENTS / REPLICAS;
    const off = Math.max(...perNode.map((count) => Math.abs(count - even))) / even;
    const isEven = perNode.length === REPLICAS && off <= MOST_OFF;
    const figures = `${perNode.join(", ")}: at most ${(off * 100).toFixed(1)} % off`;
    report.check(`${CLIENTS} clients from one address are spread evenly over ${REPLICAS} replicas`, isEven, figures);
    const refused = await refusals(deployment, begun);
    const seen = `${refused.join(", ") || "nothing"} refused by nginx or nodes, clients saw ${summed(complaints).join(", ") || "no error"}`;
    report.check(
      "none is answered 400 (Session ID unknown), or has any error",
      refused.length + complaints.length === 0,
      seen,
    );
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
    const store = await openStore(redis, { outbox: { events: 256, bytes: 1_048_576 }, roomHistoryBytes: 524_288 });
    const records = await Promise.all(sockets.map(({ id }) => store.sessions.read(id ?? "")));
    const counts = new Map<string, number>();
    for (const record of records) if (record) counts.set(record.node, (counts.get(record.node) ?? 0) + 1);
    return [...counts.values()];
  } finally {
    redis.disconnect();
  }
}

/** Requests that were refused since then, by nginx's log: the answers' codes and how often. */
async function refusals(deployment: Deployment, since: Date): Promise<string[]> {
  const log = await deployment.compose([
    "logs",
    "--no-log-prefix",
    "--no-color",
    "--since",
    since.toISOString(),
    "nginx",
  ]);
  const codes = [...log.matchAll(/"status":([45]\d\d),.*"nodeStatus":"([^"]*)"/g)];
  return summed(codes.map(([, code, ofNode]) => `${code} (node: ${ofNode || "none"})`));
}

/** A client's error, with the response's code if there was one. */
function described(error: string | Error): string {
  if (typeof error === "string") return error;
  const { description } = error as { readonly description?: unknown };
  return typeof description === "number" ? `${error.message} (${description})` : error.message;
}

function summed(all: readonly string[]): string[] {
  return [...new Set(all)].map((one) => `${all.filter((other) => other === one).length} × ${one}`);
}
