import { fileURLToPath } from "node:url";
import { type Dialect, dialects as registered } from "@switchyard/dialects";
import { codelab } from "../codelab/dialect.ts";

/** A deployment serves what is registered. */
const isDeployed = process.env["SWITCHYARD_DEPLOYMENT"] !== undefined;

/** Every dialect that has to keep the contract: those that are registered, and one that a test brings along. */
export const dialects: readonly Dialect[] = isDeployed ? registered : [...registered, codelab];

/** This module, for clusters that serve them. */
export const served = fileURLToPath(import.meta.url);
