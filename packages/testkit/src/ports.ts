import { createServer } from "node:net";

const FIRST_PORT = 10_000;
/** So many for each of vitest's workers, below those that the system hands out itself, and those that launchers are tested on. */
const PORTS_PER_WORKER = 1200;

/**
 * A TCP port on the loopback address that was free just now, and that nobody else takes: the system gives its own away to
 * whoever connects, or wants any port, and another worker chooses among others.
 */
export async function freePort(): Promise<number> {
  const share = Number(process.env["VITEST_POOL_ID"] ?? 0) % 8;
  for (;;) {
    const port = FIRST_PORT + share * PORTS_PER_WORKER + Math.floor(Math.random() * PORTS_PER_WORKER);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
