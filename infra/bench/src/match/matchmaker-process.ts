import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { end, own } from "../children.ts";
import { freePort } from "../free-port.ts";
import { until } from "../until.ts";

const script = fileURLToPath(new URL("../../../../services/matchmaker/src/main.ts", import.meta.url));

/** A real matchmaker process. */
export interface MatchmakerProcess {
  readonly child: ChildProcess;
  stop(): Promise<void>;
  /** SIGKILL, in the middle of whatever it does. */
  kill(): Promise<void>;
}

export async function startMatchmaker(redisUrl: string, name: string): Promise<MatchmakerProcess> {
  const port = await freePort();
  const env = {
    ...process.env,
    REDIS_URL: redisUrl,
    PORT: String(port),
    HOST: "127.0.0.1",
    NODE_NAME: name,
    LOG_LEVEL: "error",
  };
  const child = own(spawn(process.execPath, ["--conditions=source", script], { env, stdio: ["ignore", 2, 2] }));
  await until(`${name} to be ready`, () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  const kill = async () => {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  return { child, stop: () => end(child), kill };
}
