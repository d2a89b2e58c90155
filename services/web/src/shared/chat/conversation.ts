/** One line of a conversation. Own lines are there before the server has said so: `id` is null until it has. */
export interface Line {
  readonly key: string;
  readonly id: string | null;
  readonly mine: boolean;
  readonly text: string;
  /** ISO time. */
  readonly at: string;
  readonly delivery: "queued" | "sending" | "sent" | "failed";
}

export type Conversation = readonly Line[];

export function write(lines: Conversation, key: string, text: string, at: string): Conversation {
  return [...lines, { key, id: null, mine: true, text, at, delivery: "queued" }];
}

export function settle(lines: Conversation, key: string, delivery: Line["delivery"]): Conversation {
  return lines.map((line) => (line.key === key && line.id === null ? { ...line, delivery } : line));
}

/** The connection was lost: whatever is not answered is to be sent again, unless its echo says that it went through. */
export function requeue(lines: Conversation): Conversation {
  return lines.map((line) => (line.delivery === "sending" ? { ...line, delivery: "queued" } : line));
}

/** The conversation is over: what has not been sent never will be. */
export function finish(lines: Conversation): Conversation {
  return lines.map((line) => (line.delivery === "sent" ? line : { ...line, delivery: "failed" }));
}

/** A message from the server: the partner's, or the echo of an own one, which it confirms. A repeated one changes nothing. */
export function receive(
  lines: Conversation,
  message: { id: string; text: string; timestamp: string },
  mine: boolean,
): Conversation {
  const { id, text, timestamp: at } = message;
  if (lines.some((line) => line.id === id)) return lines;
  const echoed = mine ? lines.findIndex((line) => line.mine && line.id === null && line.text === text) : -1;
  if (echoed === -1) return [...lines, { key: id, id, mine, text, at, delivery: "sent" }];
  return lines.map((line, index) => (index === echoed ? { ...line, id, at, delivery: "sent" } : line));
}
