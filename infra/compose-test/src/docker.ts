import { spawn } from "node:child_process";

const ENOUGH_OF_A_LOG = 4000;
/**
 * The variables that `docker` needs. Any other variable of this process might be a setting of the deployment too, such
 * as `REDIS_URL`.
 */
const inherited = /^(PATH|HOME|USER|TMPDIR|XDG_.*|SSH_.*|DOCKER_.*|BUILDKIT_.*|.*_PROXY)$/i;

export type Environment = Readonly<Record<string, string>>;

export interface DockerOptions {
  /** Besides what `docker` needs of this process's own. */
  readonly environment?: Environment;
  readonly timeoutMs?: number;
  /** Out of reach of a terminal's Ctrl-C, for what must come to its end also then. */
  readonly detached?: boolean;
}

/**
 * Runs `docker`.
 * @returns what it wrote to its standard output
 * @throws Error with the end of what it said when it fails or takes too long
 */
export function docker(
  args: readonly string[],
  { environment = {}, timeoutMs = 60_000, detached = false }: DockerOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("docker", args, {
      env: {
        ...Object.fromEntries(Object.entries(process.env).filter(([name]) => inherited.test(name))),
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
      detached,
    });
    let output = "";
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      said += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) return resolve(output);
      const end = signal === null ? `ended with ${code}` : `did not end within ${timeoutMs} ms`;
      reject(new Error(`docker ${args.join(" ")} ${end}:\n${said.slice(-ENOUGH_OF_A_LOG)}`));
    });
  });
}

/** Why containers can't be run here; `undefined` if they can. */
export async function reasonAgainstDocker(): Promise<string | undefined> {
  if (process.platform !== "linux")
    return "containers are reached by their addresses, which only Linux lets the host do";
  try {
    await docker(["info"], { timeoutMs: 10_000 });
  } catch {
    return "there is no Docker engine that answers";
  }
  return docker(["compose", "version"], { timeoutMs: 10_000 }).then(
    () => undefined,
    () => "there is no Docker Compose",
  );
}
