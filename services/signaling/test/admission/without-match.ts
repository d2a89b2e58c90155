import { fileURLToPath } from "node:url";
import { type Dialect, dialects as registered } from "@switchyard/dialects";

/** What a node of another version serves: every dialect but one. */
export const dialects: readonly Dialect[] = registered.filter(({ name }) => name !== "match");

/** This module, for clusters that serve them. */
export const withoutMatch = fileURLToPath(import.meta.url);
