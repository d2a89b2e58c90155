import type { ChatMessage, CoreEventOf } from "@switchyard/protocol";
import type { FeedEntry, Trace } from "@switchyard/store";

/** The place of a message that was erased with its user's account. Clients receive nothing for it. */
interface ErasedEvent {
  readonly type: "erased";
}

/** An event for everyone in a dialect. */
export type FeedEvent =
  | CoreEventOf<"said">
  | CoreEventOf<"removed">
  | CoreEventOf<"came">
  | CoreEventOf<"went">
  | CoreEventOf<"notice">
  | ErasedEvent;

/** An entry carries the trace that led to it, as a session's message does; older versions wrote none. */
interface Traced {
  readonly trace?: string;
}

/** A chat message before its offset in the feed gave it an id and a time. */
type UnnumberedMessage = Omit<CoreEventOf<"said">, "message"> & { readonly message: Omit<ChatMessage, "id" | "at"> };

/** @param trace of what led to it, which stays with the entry */
export function writeFeedEvent(
  event: UnnumberedMessage | Exclude<FeedEvent, CoreEventOf<"said"> | ErasedEvent>,
  trace: Trace | undefined,
): string {
  return JSON.stringify({ ...event, trace: trace?.text });
}

/** Reads what `writeFeedEvent` wrote; a message gets its id and its time from its place. */
export function readFeedEvent({ id, event }: FeedEntry): FeedEvent & Traced {
  const read = JSON.parse(event) as ReturnType<typeof JSON.parse> & FeedEvent & Traced;
  if (read.type !== "said") return read;
  const at = Number(id.slice(0, id.indexOf("-")));
  return { ...read, message: { ...read.message, name: read.message.name, id, at } };
}
