import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/**
 * Below those that a launcher chooses from (`infra/local/src/ports.ts`), and those that systems hand out by themselves:
 * Linux from 32,768, macOS from 49,152.
 */
const FIRST_PORT = 10_000;
const LAST_PORT = 21_999;
const LOOPBACK = "127.0.0.1";
const ATTEMPTS = 5;

/**
 * A TCP port on which nobody listens, and that nobody else who asks here is given while this process lives. So a server
 * can go away and come back on its port.
 */
export function freePort(): Promise<number> {
  return freePorts(1);
}

/** The first of `count` neighbouring ports, all of them such as `freePort` gives. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT + 2 - count));
    if (await holdAll(Array.from({ length: count }, (_, index) => first + index))) return first;
  }
}

/**
 * Starts a server on a free port, and on another one when a program that does not ask here was quicker.
 * @param start rejects with what the server printed when it can't be started
 */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt === ATTEMPTS || !/address already in use/i.test(String(error))) throw error;
    }
  }
}

/** Holds a port for as long as this process lives. Resolves to `false` when somebody holds it already, or listens on it. */
export async function holdPort(port: number): Promise<boolean> {
  return holdAll([port]);
}

/**
 * The UDP port of the same number stands for a TCP port that is held: one process can have it, at once, and the system
 * takes it back however that process ends.
 */
async function holdAll(ports: readonly number[]): Promise<boolean> {
  const releases: (() => void)[] = [];
  for (const port of ports) {
    const release = await bindDatagrams(port);
    if (release) releases.push(release);
    if (release && (await canListen(port, LOOPBACK)) && (await canListen(port))) continue;
    for (const undo of releases) undo();
    return false;
  }
  return true;
}

function bindDatagrams(port: number): Promise<(() => void) | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ port, address: LOOPBACK, exclusive: true }, () => {
      socket.unref();
      resolve(() => void socket.close());
    });
  });
}

/** @param host default: every address of this machine */
function canListen(port: number, host?: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
