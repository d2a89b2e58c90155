import { packageVersion } from "@switchyard/runtime";

/** The version of this service. */
export const version: string = packageVersion(import.meta.url);
