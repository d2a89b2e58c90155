import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { VIA } from "@switchyard/proxy/headers";
import { httpGet } from "@switchyard/proxy/health";

const RETRY_MS = 200;
/** A server that is busy is to be named for what it is, too. */
const ASK_MS = 10_000;
/**
 * Below those that the system hands out by itself, to outgoing connections too: one of these would have the port when
 * its server comes back after a crash.
 */
const OWN_PORTS = { first: 22_000, count: 10_000 } as const;
/** The error codes of a machine without IPv6. */
const NO_SUCH_ADDRESS = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"]);

/** Hosts that this machine reaches as `localhost`: any address, and its own. */
const LOCAL = new Set(["", "0.0.0.0", "::", "127.0.0.1", "::1", "localhost"]);

/** The URL of a cluster whose reverse proxy listens on `host`. */
export function frontUrl(port: number, host: string): string {
  if (LOCAL.has(host)) return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** @throws Error with one sentence when the reverse proxy's port is taken, naming the program that has it */
export async function checkFrontPort(port: number, host: string): Promise<void> {
  const url = frontUrl(port, host);
  // found as `localhost` it must be free in both families, because that may mean either
  const onSix = new URL(url).hostname === "localhost" ? await listenProblem(port, "::1") : undefined;
  const problem = (await listenProblem(port, host)) ?? (NO_SUCH_ADDRESS.has(onSix ?? "") ? undefined : onSix);
  if (problem === undefined) return;
  const holder = await holderOf(url);
  if (problem !== "EADDRINUSE")
    throw new Error(`Port ${port} can't be opened on ${host} (${problem}): set PORT or HOST.`);
  if (holder !== "a Switchyard cluster") throw new Error(`Port ${port} is taken by ${holder}: free it, or set PORT.`);
  throw new Error(`A Switchyard cluster already runs on ${url}: stop it first, or set another PORT.`);
}

/**
 * The same for the nodes' ports on the loopback address.
 * @param patienceMs how long to wait for what a launcher that was killed may have left
 */
export async function checkInnerPorts(ports: readonly number[], patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (const port of ports) {
    while ((await listenProblem(port, "127.0.0.1")) !== undefined) {
      if (performance.now() < deadline) await delay(RETRY_MS);
      else {
        const holder = await holderOf(`http://localhost:${port}`);
        const range = `${ports[0]} to ${ports.at(-1)}`;
        throw new Error(`Port ${port} is taken by ${holder}, and the nodes need ${range}: free it, or set PORT.`);
      }
    }
  }
}

/** A port on the loopback address that was free just now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = OWN_PORTS.first + Math.floor(Math.random() * OWN_PORTS.count);
    if ((await listenProblem(port, "127.0.0.1")) === undefined) return port;
  }
}

async function listenProblem(port: number, host: string): Promise<string | undefined> {
  const server = createServer();
  try {
    await once(server.listen({ port, host, exclusive: true }), "listening");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
  server.close();
  await once(server, "close");
  return undefined;
}

async function holderOf(url: string): Promise<string> {
  const answer = await httpGet(`${url}/health`, ASK_MS).catch(() => undefined);
  if (answer === undefined) return "another program";
  if (answer.headers["via"] === VIA) return "a Switchyard cluster";
  return /"node":\s*"/.test(answer.body) ? "a node of another Switchyard cluster" : "another web server";
}
