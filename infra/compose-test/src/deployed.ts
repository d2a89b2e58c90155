import type { Deployed } from "@switchyard/testkit";
import { Deployment } from "./deployment.ts";

const REPLICAS = 3;

const {
  COMPOSE_TEST_PROJECT: project = "",
  COMPOSE_TEST_PORT: port,
  COMPOSE_TEST_ENVIRONMENT: base = "{}",
} = process.env;

/**
 * What the testkit loads when SWITCHYARD_DEPLOYMENT names this file: tests then get the deployment that runs, with the settings they
 * want, instead of nodes of their own.
 */
export async function deploy(settings: Readonly<Record<string, string>>): Promise<Deployed> {
  const deployment = new Deployment(project, Number(port), { ...JSON.parse(base), ...settings });
  await deployment.up(REPLICAS);
  return { url: deployment.url, redisUrl: await deployment.redisUrl(), nodes: REPLICAS };
}
