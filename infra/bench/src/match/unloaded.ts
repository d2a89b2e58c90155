import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { io, type Socket } from "socket.io-client";
import { createLatency, type Percentiles } from "../latency.ts";
import { startNode } from "../relay/node-process.ts";
import { startMatchmaker } from "./matchmaker-process.ts";

const script = fileURLToPath(new URL("../../../../services/signaling/src/main.ts", import.meta.url));

/**
 * Two stock clients on two real nodes, nobody else there: from the second one's `join` until both have been told of each other,
 * again and again with new people.
 */
export async function measureUnloaded(redisUrl: string, pairs: number): Promise<Percentiles> {
  const environment = { REDIS_URL: redisUrl, LOG_LEVEL: "error" };
  const nodes = [await startNode("bench-1", script, environment), await startNode("bench-2", script, environment)];
  const matchmaker = await startMatchmaker(redisUrl, "bench-unloaded");
  const latency = createLatency();
  try {
    for (let number = 0; number < pairs; number += 1) {
      const [one, two] = await Promise.all(nodes.map(({ url }) => connect(url)));
      if (!one || !two) throw new Error("two nodes are needed");
      await one.emitWithAck("join", { userId: `one-${number}`, type: "video" });
      const told = Promise.all([one, two].map((socket) => once(socket as never, "partner_found")));
      const from = performance.now();
      two.emit("join", { userId: `two-${number}`, type: "video" });
      await told;
      latency.record(performance.now() - from);
      one.disconnect();
      two.disconnect();
    }
    return latency.percentiles();
  } finally {
    await matchmaker.stop();
    for (const node of nodes) await node.stop();
  }
}

async function connect(url: string): Promise<Socket> {
  const socket = io(`${url}/random`, { transports: ["websocket"], forceNew: true });
  await once(socket as never, "connect");
  return socket;
}
