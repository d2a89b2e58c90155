import { type Environment, type ServiceProcess, startService, type TestCluster } from "@switchyard/testkit";
import { onTestFinished } from "vitest";

/** A node that can be killed and stopped, in a cluster whose other parts run in this process; it ends with the test. */
export async function startNodeProcess(cluster: TestCluster, environment: Environment): Promise<ServiceProcess> {
  const node = await startService("signaling", { ...environment, REDIS_URL: cluster.redisServer.url });
  onTestFinished(async () => void (await node.kill()));
  return node;
}
