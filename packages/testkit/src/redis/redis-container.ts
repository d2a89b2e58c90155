import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { guardContainer } from "../service/guard.ts";
import type { TestRedis } from "./redis-program.ts";

const run = promisify(execFile);

const IMAGE = "redis:8";
/** Decided once: the processes of a test run have it from the first. */
const DECISION = "SWITCHYARD_TEST_REDIS";

/**
 * Starts Redis in a container.
 * @param flags arguments of `redis-server`
 * @returns `undefined` where there is no Docker, or no image of Redis can be had, or SWITCHYARD_TEST_REDIS is `machine`
 */
export async function redisInContainer(flags: readonly string[]): Promise<TestRedis | undefined> {
  process.env[DECISION] ??= (await succeeds("info")) && (await hasImage()) ? "container" : "machine";
  if (process.env[DECISION] !== "container") return undefined;
  process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true"; // the guard does its work, without an image of its own
  const { GenericContainer, Wait } = await import("testcontainers");
  const container = await new GenericContainer(IMAGE)
    .withCommand(["redis-server", ...flags])
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forLogMessage("Ready to accept connections"))
    .start();
  const guard = guardContainer(container.getId());
  const port = container.getMappedPort(6379);
  const stop = async () => {
    await container.stop();
    guard.disarm();
  };
  return { url: `redis://${container.getHost()}:${port}`, port, pid: undefined, stop };
}

async function hasImage(): Promise<boolean> {
  if ((await succeeds("image", "inspect", IMAGE)) || (await succeeds("pull", "--quiet", IMAGE))) return true;
  process.stderr.write(`There is Docker, but no image ${IMAGE}: the tests use the redis-server of this machine.\n`);
  return false;
}

function succeeds(...args: readonly string[]): Promise<boolean> {
  return run("docker", args).then(
    () => true,
    () => false,
  );
}
