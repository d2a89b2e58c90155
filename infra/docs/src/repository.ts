import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root directory. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

const NOT_OURS = new Set(["node_modules", "dist", "coverage"]);

/** The repository's own files of that pattern, as paths from its root: nothing installed, built or hidden. */
export function filesLike(pattern: string): string[] {
  const exclude = (path: string) => path.split("/").some((name) => NOT_OURS.has(name) || name.startsWith("."));
  return globSync(pattern, { cwd: root, exclude }).toSorted();
}

/** The version that a `package.json` gives, by its path from the root. */
export function versionOf(path: string): string {
  return (JSON.parse(readFileSync(join(root, path), "utf8")) as { version: string }).version;
}
