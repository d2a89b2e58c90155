import { versionProblem } from "@switchyard/runtime";
import type { Print } from "../screen.ts";
import { findOnPath, run } from "../system/command.ts";
import { installSystemPackage } from "../system/package.ts";

/** The program that runs a private Redis. */
export type RedisProgram = { readonly kind: "binary"; readonly path: string } | { readonly kind: "docker" };

export const REDIS_IMAGE = "redis:8";

const LEAST_MAJOR = 7;

/**
 * Finds a Redis to run: a `redis-server` on the PATH, else one from the system's packages, else Docker.
 * @throws Error with one sentence when there is none
 */
export async function findRedisProgram(print: Print, environment = process.env): Promise<RedisProgram> {
  const found = await onPath(environment);
  if (found.path !== undefined) return { kind: "binary", path: found.path };
  print("redis", `${found.problem}: installing it from the system's packages`);
  const wanted = { apt: "redis-server", brew: ["redis"], leastMajor: LEAST_MAJOR };
  const refusal = await installSystemPackage(wanted, environment);
  const installed = await onPath(environment);
  if (installed.path !== undefined) return { kind: "binary", path: installed.path };
  if ((await run(["docker", "info"], environment)).ok) return pullImage(print, environment);
  const reason = refusal ?? `after installing it, ${installed.problem}`;
  throw new Error(
    `Switchyard needs Redis 7 or newer, and could not get one (${reason}; Docker is not running): ` +
      "install redis-server, start Docker, or set REDIS_URL.",
  );
}

async function onPath(environment: NodeJS.ProcessEnv): Promise<{ path?: string; problem: string }> {
  const path = findOnPath("redis-server", environment);
  if (path === undefined) return { problem: "there is no redis-server on the PATH" };
  const { output } = await run([path, "--version"], environment);
  const [, product = "unknown", version = "unknown"] = /^(\w+) server v=(\S+)/m.exec(output) ?? [];
  const problem = versionProblem(`${product.toLowerCase()}_version:${version}`);
  return problem === undefined ? { path, problem: "" } : { problem: `${path} is too old` };
}

async function pullImage(print: Print, environment: NodeJS.ProcessEnv): Promise<RedisProgram> {
  if ((await run(["docker", "image", "inspect", REDIS_IMAGE], environment)).ok) return { kind: "docker" };
  print("redis", `fetching the image ${REDIS_IMAGE}`);
  const pull = await run(["docker", "pull", "--quiet", REDIS_IMAGE], environment);
  if (pull.ok) return { kind: "docker" };
  throw new Error(
    `Docker could not fetch ${REDIS_IMAGE} (${pull.output.trim()}): install redis-server, or set REDIS_URL.`,
  );
}
