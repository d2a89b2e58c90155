import type { SessionId } from "@switchyard/protocol";

/** An event for everyone in a dialect. */
export interface FeedEntry {
  /** `<Unix ms>-<number>`. */
  readonly id: string;
  /** Counts by one. */
  readonly number: number;
  /** The sessions that do not receive it. */
  readonly except: readonly SessionId[];
  /** JSON. */
  readonly event: string;
}

/** Reads a stream's entry. */
export function readFeedEntry([id, fields]: [string, string[]]): FeedEntry {
  return entryOf(id, fields[3] ?? "", fields[1] ?? "");
}

/** Reads what stands in the place of a removed entry: `id \n event`. */
export function readRemovedEntry(text: string): FeedEntry {
  const end = text.indexOf("\n");
  return entryOf(text.slice(0, end), "", text.slice(end + 1));
}

/** Reads what is published: `id \n sessions or nothing \n event`. */
export function readFeedMessage(text: string): FeedEntry {
  const first = text.indexOf("\n");
  const second = text.indexOf("\n", first + 1);
  return entryOf(text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1));
}

function entryOf(id: string, except: string, event: string): FeedEntry {
  return { id, number: Number(id.slice(id.indexOf("-") + 1)), except: except === "" ? [] : except.split(" "), event };
}
