/** One line of a conversation. Own lines are there before the server has said so: `id` is null until it has. */
export interface ChatMessage {
  readonly key: string;
  readonly id: string | null;
  readonly mine: boolean;
  /** The sender's name, if there are more than two participants; null: the partner, or this person. */
  readonly author: string | null;
  readonly text: string;
  /** ISO time. */
  readonly at: string;
  readonly delivery: "queued" | "sending" | "sent" | "failed";
}

export type Conversation = readonly ChatMessage[];

/** A message as the server tells it. */
export interface ReceivedMessage {
  id: string;
  text: string;
  /** ISO time. */
  timestamp: string;
  mine: boolean;
  author?: string;
}

/** The person's messages, and their delivery. */
export type WritingEvent =
  | { type: "wrote"; key: string; text: string; at: string }
  | { type: "settled"; key: string; delivery: "sending" | "sent" | "failed"; notice: string | null };

export function reduceWriting(messages: Conversation, event: WritingEvent): Conversation {
  if (event.type === "wrote") return write(messages, event.key, event.text, event.at);
  return setDelivery(messages, event.key, event.delivery);
}

export function write(messages: Conversation, key: string, text: string, at: string): Conversation {
  return [...messages, { key, id: null, mine: true, author: null, text, at, delivery: "queued" }];
}

export function setDelivery(messages: Conversation, key: string, delivery: ChatMessage["delivery"]): Conversation {
  return messages.map((message) => (message.key === key && message.id === null ? { ...message, delivery } : message));
}

/** The connection was lost: whatever is not answered is to be sent again, unless its echo says that it went through. */
export function requeue(messages: Conversation): Conversation {
  return messages.map((message) => (message.delivery === "sending" ? { ...message, delivery: "queued" } : message));
}

/** The conversation is over: what has not been sent never will be. */
export function finish(messages: Conversation): Conversation {
  return messages.map((message) => (message.delivery === "sent" ? message : { ...message, delivery: "failed" }));
}

/** A message from the server: another's, or the echo of an own one, which it confirms. A repeated one changes nothing. */
export function receive(messages: Conversation, received: ReceivedMessage): Conversation {
  const { id, text, timestamp: at, mine } = received;
  if (messages.some((message) => message.id === id)) return messages;
  const echoed = mine
    ? messages.findIndex((message) => message.mine && message.id === null && message.text === text)
    : -1;
  if (echoed === -1) return [...messages, messageOf(received)];
  return messages.map((message, index) => (index === echoed ? { ...message, id, at, delivery: "sent" } : message));
}

/** The conversation as the server knows it, oldest first, and after it whatever it does not know yet. */
export function retell(messages: Conversation, history: readonly ReceivedMessage[]): Conversation {
  const known = new Set(messages.map((message) => message.id));
  const news = history.filter(({ id, mine }) => mine && !known.has(id));
  const open: Conversation = messages.filter((message) => message.id === null);
  const unsaid = news.reduce(receive, open);
  return [...history.map(messageOf), ...unsaid.filter((message) => message.id === null)];
}

/** Older messages, oldest first, before those that are there. */
export function prepend(messages: Conversation, older: readonly ReceivedMessage[]): Conversation {
  const known = new Set(messages.map((message) => message.id));
  return [...older.filter(({ id }) => !known.has(id)).map(messageOf), ...messages];
}

function messageOf({ id, text, timestamp: at, mine, author }: ReceivedMessage): ChatMessage {
  return { key: id, id, mine, author: (!mine && author) || null, text, at, delivery: "sent" };
}
