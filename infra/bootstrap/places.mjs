import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export const inRoot = (...path) => join(root, ...path);

/**
 * Node 24 itself, as the dependency `node` brings it: not the shell shim before it, so that signals reach it and its
 * pid is its own.
 */
export const node24 = inRoot("node_modules", "node", "bin", "node");

/** The environment in which the workspace's own tools run: Node 24 first, then what the dependencies bring. */
export function toolEnvironment(more = {}) {
  const path = [dirname(node24), inRoot("node_modules", ".bin"), process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path, ...more };
}
