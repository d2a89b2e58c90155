import type { SessionId, UserId } from "@switchyard/protocol";

/** Something that was said: its id gives its place in the one order, and when it was said (Unix time in ms). */
export interface ChatLine {
  readonly id: string;
  readonly at: number;
  readonly session: SessionId;
  readonly user: UserId;
  /** What the speaker is called, where that is not its user id. */
  readonly name: string | undefined;
  readonly text: string;
}

/** A stream entry: its id and its fields. */
export type MessageEntry = [id: string, fields: string[]];

export function readLine([id, fields]: MessageEntry): ChatLine {
  const { session, user, name, text } = JSON.parse(fields[1] ?? "{}") as Omit<ChatLine, "id" | "at">;
  return { id, at: timeOf(id), session, user, name, text };
}

/** When an entry of a stream was made, Unix time in ms. */
export function timeOf(id: string): number {
  return Number(id.slice(0, id.indexOf("-")));
}
