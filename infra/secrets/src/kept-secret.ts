import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeWhole } from "./whole-file.ts";

const BYTES = 48;

/** A secret and where it came from. */
export interface KeptSecret {
  readonly value: string;
  readonly origin: "given" | "kept" | "made";
}

/** The secret at `path` from now on: the one that was given, else the one that is there, else a new random one. */
export function keepSecret(path: string, given: string | undefined): KeptSecret {
  if (given !== undefined) return written(path, given, "given");
  const kept = read(path);
  return kept === undefined
    ? written(path, randomBytes(BYTES).toString("base64"), "made")
    : { value: kept, origin: "kept" };
}

function written(path: string, value: string, origin: "given" | "made"): KeptSecret {
  writeWhole(path, value, 0o400);
  return { value, origin };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
