import { type Environment, type ServiceProcess, startService, type TestCluster } from "@switchyard/testkit";
import { onTestFinished } from "vitest";
import { patient } from "./patient.ts";

/** A node in a process of its own, beside a cluster's: to be killed, stopped or held up. It ends with the test at the latest. */
export async function startProcess(
  { redisServer }: TestCluster,
  environment: Environment = {},
): Promise<ServiceProcess> {
  const node = await startService("signaling", { ...patient, ...environment, REDIS_URL: redisServer.url });
  onTestFinished(node.stop);
  return node;
}
