import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join, relative } from "node:path";
import type { State } from "./state-file.ts";

/** Where a cluster keeps what it writes. One launcher at a time holds it: two must not share a Redis' files. */
export interface RunDirectory {
  readonly stateFile: string;
  readonly redisDirectory: string;
  /** What the run before this one left when it was killed, if it was. */
  readonly leftover: State | undefined;
  release(): void;
}

/**
 * Takes the directory. It is held by a listening socket, which the system closes with its process: so a launcher that
 * was killed leaves no lock behind.
 * @throws Error with one sentence when another launcher holds it
 */
export async function takeRunDirectory(directory: string): Promise<RunDirectory> {
  const redisDirectory = join(directory, "redis");
  mkdirSync(redisDirectory, { recursive: true });
  const stateFile = join(directory, "state.json");
  const lock = await holdSocket(join(directory, "launcher.sock"));
  if (lock === undefined) {
    const url = readState(stateFile)?.front.url ?? "another port";
    throw new Error(`A cluster on ${url} already uses ${directory}: stop it first, or give this one its own RUN_DIR.`);
  }
  const leftover = readState(stateFile);
  return { stateFile, redisDirectory, leftover, release: () => void lock.close() };
}

async function holdSocket(path: string): Promise<Server | undefined> {
  const address = relative(process.cwd(), path); // a socket's path may have about 100 characters
  const first = await listen(address);
  if (first !== undefined || (await someoneListens(address))) return first;
  rmSync(path, { force: true });
  return listen(address);
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => resolve(server));
  });
}

function someoneListens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function readState(path: string): State | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as State;
  } catch {
    return undefined;
  }
}
