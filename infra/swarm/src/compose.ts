import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** A service of docker-compose.yml, as far as it is the same in Swarm. */
export interface ComposeService {
  readonly image?: string;
  readonly user?: string;
  readonly command?: readonly string[] | string;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly init?: boolean;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly logging?: unknown;
  readonly networks?: readonly string[];
  readonly ulimits?: unknown;
  readonly healthcheck?: unknown;
  readonly stop_grace_period?: string;
  readonly deploy?: { readonly replicas?: string | number };
}

/** The properties of such a service that `docker stack deploy` takes as they are. */
const shared = [
  "image",
  "user",
  "command",
  "environment",
  "init",
  "read_only",
  "cap_drop",
  "logging",
  "networks",
  "ulimits",
  "healthcheck",
  "stop_grace_period",
] as const satisfies readonly (keyof ComposeService)[];

/** The services of docker-compose.yml, by name. */
export function composeServices(): Readonly<Record<string, ComposeService>> {
  const text = readFileSync(join(repository, "docker-compose.yml"), "utf8");
  return (parse(text, { merge: true }) as { services: Record<string, ComposeService> }).services;
}

/** A service without what Swarm does not know: builds, dependencies, profiles, security options, `restart`, `tmpfs`. */
export function sharedPart(service: ComposeService): Record<string, unknown> {
  const kept = shared.filter((name) => service[name] !== undefined);
  return Object.fromEntries(kept.map((name) => [name, service[name]]));
}
