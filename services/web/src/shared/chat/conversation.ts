/** One line of a conversation. Own lines are there before the server has said so: `id` is null until it has. */
export interface Line {
  readonly key: string;
  readonly id: string | null;
  readonly mine: boolean;
  /** Who said it, where there are more than two; null: the partner, or this person. */
  readonly author: string | null;
  readonly text: string;
  /** ISO time. */
  readonly at: string;
  readonly delivery: "queued" | "sending" | "sent" | "failed";
}

export type Conversation = readonly Line[];

/** A message as the server tells it. */
export interface Said {
  id: string;
  text: string;
  /** ISO time. */
  timestamp: string;
  mine: boolean;
  author?: string;
}

/** What the person writes, and what becomes of it. */
export type WritingEvent =
  | { type: "wrote"; key: string; text: string; at: string }
  | { type: "settled"; key: string; delivery: "sending" | "sent" | "failed"; notice: string | null };

export function reduceWriting(lines: Conversation, event: WritingEvent): Conversation {
  if (event.type === "wrote") return write(lines, event.key, event.text, event.at);
  return settle(lines, event.key, event.delivery);
}

export function write(lines: Conversation, key: string, text: string, at: string): Conversation {
  return [...lines, { key, id: null, mine: true, author: null, text, at, delivery: "queued" }];
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

/** A message from the server: another's, or the echo of an own one, which it confirms. A repeated one changes nothing. */
export function receive(lines: Conversation, said: Said): Conversation {
  const { id, text, timestamp: at, mine } = said;
  if (lines.some((line) => line.id === id)) return lines;
  const echoed = mine ? lines.findIndex((line) => line.mine && line.id === null && line.text === text) : -1;
  if (echoed === -1) return [...lines, lineOf(said)];
  return lines.map((line, index) => (index === echoed ? { ...line, id, at, delivery: "sent" } : line));
}

/** The conversation as the server knows it, oldest first, and after it whatever it does not know yet. */
export function retell(lines: Conversation, history: readonly Said[]): Conversation {
  const known = new Set(lines.map((line) => line.id));
  const news = history.filter(({ id, mine }) => mine && !known.has(id));
  const open: Conversation = lines.filter((line) => line.id === null);
  const unsaid = news.reduce(receive, open);
  return [...history.map(lineOf), ...unsaid.filter((line) => line.id === null)];
}

/** Older messages, oldest first, before those that are there. */
export function prepend(lines: Conversation, older: readonly Said[]): Conversation {
  const known = new Set(lines.map((line) => line.id));
  return [...older.filter(({ id }) => !known.has(id)).map(lineOf), ...lines];
}

function lineOf({ id, text, timestamp: at, mine, author }: Said): Line {
  return { key: id, id, mine, author: (!mine && author) || null, text, at, delivery: "sent" };
}
