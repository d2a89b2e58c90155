import type { NamedRooms } from "@switchyard/core";
import type { Dialect } from "@switchyard/dialects";
import type { Page } from "./page/page.ts";

/** What a world's pages speak, and how they behave. */
export interface Setting {
  readonly dialect: Dialect;
  readonly queues: readonly string[];
  readonly rooms: NamedRooms | undefined;
  readonly pages: (tag: string) => readonly Page[];
}
