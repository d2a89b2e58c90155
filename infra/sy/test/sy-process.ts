import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inject } from "vitest";

const program = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** The arguments of Node for a call of `sy`. */
export const call = (...args: string[]) => ["--conditions=source", program, ...args];
/** All of the environment that such a process has. */
export const within = (environment: object) => ({ PATH: process.env["PATH"], ...environment });
export const environment = () => ({ REDIS_URL: inject("redisUrl") });

/** Calls `sy` as a process of its own. */
export const run = (settings: object, ...args: string[]) =>
  promisify(execFile)(process.execPath, call(...args), { env: within(settings) }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
