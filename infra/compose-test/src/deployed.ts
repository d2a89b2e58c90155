import type { Deployed } from "@switchyard/testkit";
import { Deployment } from "./deployment.ts";

const REPLICAS = 3;

const {
  COMPOSE_TEST_PROJECT: project = "",
  COMPOSE_TEST_PORT: port,
  COMPOSE_TEST_ENVIRONMENT: base = "{}",
} = process.env;

/** Each file of tests has its own settings, so nodes are replaced often: they need not take their time. */
const quick = { SHUTDOWN_MS: "0" };

/**
 * The module that the testkit loads if SWITCHYARD_DEPLOYMENT names this file: tests then get the running deployment,
 * with the settings that they need, instead of nodes of their own.
 */
export async function deploy(settings: Readonly<Record<string, string>>): Promise<Deployed> {
  const deployment = new Deployment(project, Number(port), { ...quick, ...JSON.parse(base), ...settings });
  await deployment.up(REPLICAS);
  return { url: deployment.url, redisUrl: await deployment.redisUrl(), nodes: REPLICAS };
}
