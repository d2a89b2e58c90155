import { type NodeProcess, startNode } from "../relay/node-process.ts";
import { serviceScript } from "../services.ts";

/** Starts a real matchmaker. It logs errors only: what is killed in the middle of its work leaves warnings behind. */
export function startMatchmaker(redisUrl: string, name: string): Promise<NodeProcess> {
  return startNode(name, serviceScript("matchmaker"), { REDIS_URL: redisUrl, LOG_LEVEL: "error" });
}
