import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** How a program ended. */
export interface Outcome {
  /** Whether there is such a program, and it ended with exit code 0. */
  readonly ok: boolean;
  /** All that it printed. */
  readonly output: string;
}

/** Runs a program to its end. */
export function run([program = "", ...args]: readonly string[], env = process.env): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(program, args, { env, maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) =>
      resolve({ ok: error === null, output: stdout + stderr }),
    );
  });
}

/** Where a program is on the PATH. */
export function findOnPath(program: string, environment = process.env): string | undefined {
  const places = (environment["PATH"] ?? "").split(delimiter).filter(Boolean);
  return places.map((place) => join(place, program)).find(isProgram);
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
