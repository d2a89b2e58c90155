import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join, relative } from "node:path";
import type { Running } from "./supervisor.ts";

/** Files may hold passwords. */
export const OWNER_ONLY = 0o600;
/** Directories hold these, and what Redis writes: messages, hashes of passwords. */
const OWNER_ONLY_DIRECTORY = 0o700;
const OTHERS = 0o077;

/** The running parts, as `.run/state.json` holds them from when all are up. A part that is down is missing until it is back. */
export interface State {
  readonly front: { readonly url: string };
  readonly nodes: readonly Running[];
  readonly matchmakers: readonly Running[];
  /** `pid` is `null` for a Redis that was given, and while the private one is down. `users` are those for `sy`. */
  readonly redis: {
    readonly url: string;
    readonly users: Readonly<Record<"observer" | "operator", string>>;
    readonly pid: number | null;
  };
}

/** The process that writes a run directory's append-only file, noted from when it runs until it has ended. */
export interface RedisProcess {
  readonly pid: number;
  readonly port: number;
}

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

/** A value that outlives its process, as JSON in a file that only its owner may read. */
export class JsonFile<T extends object> {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Replaces the file in one step, so that nobody ever reads half of it. */
  write(value: T): void {
    const unfinished = `${this.path}.tmp`;
    writeFileSync(unfinished, `${JSON.stringify(value, null, 2)}\n`, { mode: OWNER_ONLY });
    renameSync(unfinished, this.path);
  }

  /** @returns its value; nothing if there is no such file, or something else in it */
  read(): Partial<T> {
    try {
      return { ...(JSON.parse(readFileSync(this.path, "utf8")) as Partial<T>) };
    } catch {
      return {};
    }
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}

/**
 * Takes the directory. It is held by a listening socket, which the system closes with its process: so a launcher that
 * was killed leaves no lock behind, but a socket at which nobody listens.
 * @throws Error with one sentence when another launcher holds it, others can read it, or it can't be held
 */
export async function takeRunDirectory(directory: string): Promise<RunDirectory> {
  const redisDirectory = join(directory, "redis");
  mkdirSync(redisDirectory, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
  if ((statSync(directory).mode & OTHERS) !== 0)
    throw new Error(`Others can read ${directory}, which would hold passwords: make its mode 700, or set RUN_DIR.`);
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
    const url = state.read().front?.url ?? "another port";
    throw new Error(`A cluster on ${url} already uses ${directory}: stop it first, or give this one its own RUN_DIR.`);
  }
  state.remove(); // it names processes that have ended, or will
  const redisNote = new JsonFile<RedisProcess>(join(directory, "redis.json"));
  return { state, redisDirectory, redisNote, wasKilled, release: () => void lock.close() };
}

async function holdSocket(path: string): Promise<Server | undefined> {
  const address = relative(process.cwd(), path); // a socket's path may have about 100 characters
  const server = createServer((socket) => socket.destroy());
  const listens = () =>
    once(server.listen(address), "listening").then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "EADDRINUSE") throw error;
        return false;
      },
    );
  if (await listens()) return server;
  const other = connect(address);
  const isHeld = await once(other, "connect").then(
    () => true,
    () => false,
  );
  other.destroy();
  if (isHeld) return undefined;
  rmSync(path, { force: true });
  return (await listens()) ? server : undefined;
}
