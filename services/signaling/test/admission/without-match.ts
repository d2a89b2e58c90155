import { fileURLToPath } from "node:url";
import { type Dialect, dialects as registered } from "@switchyard/dialects";

/**
 * The dialects that a node of another version serves: every one but `match`.
 * @public the cluster imports it by the path of this module
 */
export const dialects: readonly Dialect[] = registered.filter(({ name }) => name !== "match");

/** This module, for clusters that serve them. */
export const withoutMatch = fileURLToPath(import.meta.url);
