import { renameSync, writeFileSync } from "node:fs";

/** Writes a file so that whoever reads it finds the old text or the new one, never a part. */
export function writeWhole(path: string, text: string, mode: number): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, text, { mode });
  renameSync(unfinished, path);
}
