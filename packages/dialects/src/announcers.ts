import { type Announcer, type Context, Names, Population } from "@switchyard/core";
import type { Dialect } from "./dialect.ts";

/** What tells everyone in a dialect how many, or who, there are; `undefined`: the dialect doesn't say. */
export function openAnnouncer(
  dialect: Dialect,
  context: Context,
  onFailure: (error: unknown) => void,
): Announcer | undefined {
  if (dialect.render.population) return new Population(context, onFailure);
  return dialect.render.names ? new Names(context, onFailure) : undefined;
}
