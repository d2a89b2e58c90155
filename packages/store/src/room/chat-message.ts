import type { ChatMessage } from "@switchyard/protocol";

/** A stream entry: its id and its fields. */
export type ChatEntry = [id: string, fields: string[]];

export function readChatMessage([id, fields]: ChatEntry): ChatMessage {
  const { session, user, name, text } = JSON.parse(fields[1] ?? "{}") as Omit<ChatMessage, "id" | "at">;
  return { id, at: timeOf(id), session, user, name, text };
}

/** When an entry of a stream was made, Unix time in ms. */
export function timeOf(id: string): number {
  return Number(id.slice(0, id.indexOf("-")));
}
