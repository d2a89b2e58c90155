import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";

const BYTES = 48;
const OWNER_READS = 0o400;

/** A secret and where it came from. */
export interface KeptSecret {
  readonly value: string;
  readonly origin: "given" | "kept" | "made";
  /** The previous secret, if it differs. */
  readonly former: string | undefined;
}

/** The secret at `path` from now on: the configured one, else the one in the file, else a new random one. */
export function keepSecret(path: string, given: string | undefined, mode = OWNER_READS): KeptSecret {
  const kept = read(path);
  if (given !== undefined) {
    return { value: written(path, given, mode), origin: "given", former: kept === given ? undefined : kept };
  }
  if (kept !== undefined) return { value: kept, origin: "kept", former: undefined };
  return { value: written(path, randomBytes(BYTES).toString("base64"), mode), origin: "made", former: undefined };
}

function written(path: string, value: string, mode: number): string {
  writeWhole(path, value, mode);
  return value;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes a file atomically: a reader finds the old text or the new one, never a part. */
export function writeWhole(path: string, text: string, mode: number): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, text, { mode });
  renameSync(unfinished, path);
}
