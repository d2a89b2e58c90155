import type { ChatMessage, CoreEventOf } from "@switchyard/protocol";
import type { FeedEntry } from "@switchyard/store";

/** What concerns everyone in a dialect. */
export type FeedEvent = CoreEventOf<"said"> | CoreEventOf<"came"> | CoreEventOf<"went">;

/** What somebody said, before its place in the order gave it an id and a time. */
type Saying = Omit<CoreEventOf<"said">, "message"> & { readonly message: Omit<ChatMessage, "id" | "at"> };

export function writeFeedEvent(event: Saying | Exclude<FeedEvent, CoreEventOf<"said">>): string {
  return JSON.stringify(event);
}

/** Reads what `writeFeedEvent` wrote; a message gets its id and its time from its place. */
export function readFeedEvent({ id, event }: FeedEntry): FeedEvent {
  const read = JSON.parse(event) as ReturnType<typeof JSON.parse> & FeedEvent;
  if (read.type !== "said") return read;
  const at = Number(id.slice(0, id.indexOf("-")));
  return { ...read, message: { ...read.message, name: read.message.name, id, at } };
}
