import { execFile } from "node:child_process";
import { cp, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type TestRedis, until } from "@switchyard/testkit";
import { Redis } from "ioredis";

const run = promisify(execFile);

/** A way to take a copy of a running Redis as `docs/operations.md` describes it, and to lay it down for a new one. */
export interface Copying {
  readonly way: string;
  /** @param directory the running Redis's own; `copy`: where the copy goes */
  take(redis: TestRedis, directory: string, copy: string): Promise<void>;
  /** @param directory where a new Redis will look for its append-only files */
  lay(copy: string, directory: string): Promise<void>;
}

const snapshot: Copying = {
  way: "a snapshot over the network",
  // into a file: where it writes to a pipe, redis-cli leaves a mark of 40 bytes at the end, which no Redis reads
  take: async ({ port }, _, copy) => void (await run("redis-cli", ["-p", String(port), "--rdb", copy])),
  lay: async (copy, directory) => {
    const files = join(directory, "appendonlydir");
    await mkdir(files);
    await rename(copy, join(files, "appendonly.aof.1.base.rdb"));
    await writeFile(join(files, "appendonly.aof.manifest"), "file appendonly.aof.1.base.rdb seq 1 type b\n");
  },
};

const files: Copying = {
  way: "a copy of the append-only files",
  take: async ({ url }, directory, copy) => {
    const redis = new Redis(url);
    try {
      await redis.config("SET", "auto-aof-rewrite-percentage", "0"); // a rewrite would take files away amid the copy
      await until("no rewrite", async () => (await redis.info("persistence")).includes("aof_rewrite_in_progress:0"));
      await cp(join(directory, "appendonlydir"), copy, { recursive: true });
      await redis.config("SET", "auto-aof-rewrite-percentage", "100");
    } finally {
      redis.disconnect();
    }
  },
  lay: async (copy, directory) => void (await run("cp", ["-r", copy, join(directory, "appendonlydir")])),
};

export const copyings: readonly Copying[] = [snapshot, files];
