import { existsSync, mkdirSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join, relative } from "node:path";
import { JsonFile } from "./json-file.ts";
import type { RedisProcess } from "./redis/leftover.ts";
import type { State } from "./state.ts";

/** Where a cluster keeps what it writes. One launcher at a time holds it: two must not share a Redis' files. */
export interface RunDirectory {
  /** `state.json`; it is not there until it is written. */
  readonly state: JsonFile<State>;
  readonly redisDirectory: string;
  readonly redisNote: JsonFile<RedisProcess>;
  /** Whether a launcher before this one was killed, so that parts of it may still be about to end. */
  readonly wasKilled: boolean;
  /** Records that nothing is left running. */
  release(): void;
}

/**
 * Takes the directory. It is held by a listening socket, which the system closes with its process: so a launcher that
 * was killed leaves no lock behind, but a socket at which nobody listens.
 * @throws Error with one sentence when another launcher holds it, or it can't be held
 */
export async function takeRunDirectory(directory: string): Promise<RunDirectory> {
  const redisDirectory = join(directory, "redis");
  mkdirSync(redisDirectory, { recursive: true });
  const state = new JsonFile<State>(join(directory, "state.json"));
  const socket = join(directory, "launcher.sock");
  const wasKilled = existsSync(socket);
  const lock = await holdSocket(socket).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `No socket can be opened in ${directory} (${error.code ?? error.message}): set RUN_DIR to a directory whose path ` +
        "is shorter, on a disk of this machine that you may write to.",
    );
  });
  if (lock === undefined) {
    const url = state.read()?.front?.url ?? "another port";
    throw new Error(`A cluster on ${url} already uses ${directory}: stop it first, or give this one its own RUN_DIR.`);
  }
  state.remove(); // it names processes that have ended, or will
  const redisNote = new JsonFile<RedisProcess>(join(directory, "redis.json"));
  return { state, redisDirectory, redisNote, wasKilled, release: () => void lock.close() };
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
