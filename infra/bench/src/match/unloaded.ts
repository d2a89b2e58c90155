import { createLatency, type Percentiles } from "../latency.ts";
import { connect, received, request } from "../relay/dialect-clients.ts";
import { type NodeProcess, startNode } from "../relay/node-process.ts";
import { serviceScript, startMatchmaker } from "../services.ts";

/**
 * Two stock clients on two real nodes, without others: from the second one's `join` until both have received
 * `partner_found`, again and again with new users.
 */
export async function measureUnloaded(redisUrl: string, pairs: number): Promise<Percentiles> {
  const started: NodeProcess[] = [];
  const startSignaling = async (name: string) => {
    const node = await startNode(name, serviceScript("signaling"), { REDIS_URL: redisUrl, LOG_LEVEL: "error" });
    started.unshift(node);
    return node.url;
  };
  try {
    const urls = [await startSignaling("bench-1"), await startSignaling("bench-2")] as const;
    started.unshift(await startMatchmaker(redisUrl, "bench-unloaded"));
    const latency = createLatency();
    for (let number = 0; number < pairs; number += 1) latency.record(await timeToMeet(urls, number));
    return latency.percentiles();
  } finally {
    for (const node of started) await node.stop();
  }
}

async function timeToMeet(urls: readonly [string, string], number: number): Promise<number> {
  const [one, two] = await Promise.all([connect(`${urls[0]}/random`), connect(`${urls[1]}/random`)]);
  try {
    await request(one, "join", { userId: `one-${number}`, type: "video" });
    const met = Promise.all([one, two].map((socket) => received(socket, "partner_found")));
    const from = performance.now();
    two.emit("join", { userId: `two-${number}`, type: "video" });
    await met;
    return performance.now() - from;
  } finally {
    one.disconnect();
    two.disconnect();
  }
}
