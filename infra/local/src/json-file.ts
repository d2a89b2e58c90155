import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** It may hold passwords. */
const OWNER_ONLY = 0o600;

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

  /** @returns what is there; `undefined` if that is nothing, or not JSON */
  read(): Partial<T> | undefined {
    try {
      const value: unknown = JSON.parse(readFileSync(this.path, "utf8"));
      return typeof value === "object" && value !== null ? (value as Partial<T>) : undefined;
    } catch {
      return undefined;
    }
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}
