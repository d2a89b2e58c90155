import { TokenIssuer } from "@switchyard/auth";

const TOKENS_LAST_SECONDS = 3600;

/** The dialects in which everyone hears who is online. */
export type PresenceDialect = "calls" | "chat";

/**
 * The way in which a client of one dialect comes online, in Socket.IO packets (protocol 5), and the events that it
 * receives.
 */
export interface Manners {
  readonly namespace: string;
  /** The packet that it sends when its transport is open. */
  readonly connect: (user: string) => string;
  /** The packet that it sends when it is connected; `undefined`: none. */
  readonly open: ((user: string) => string) | undefined;
  /** The events with the current state; once it has received all, it is online. */
  readonly greetings: readonly string[];
  /** The event by which everyone else learns of a new user. */
  readonly news: string;
  /** The event with the list of users that goes to everyone now and then. */
  readonly list: string;
}

/** @param secret signs the tokens where a token says who somebody is */
export function mannersOf(dialect: PresenceDialect, secret: string): Manners {
  return dialect === "calls" ? calls : chat(new TokenIssuer(secret, TOKENS_LAST_SECONDS));
}

const calls: Manners = {
  namespace: "/calls",
  connect: () => "40/calls,",
  open: (user) =>
    `42/calls,${JSON.stringify(["user-joined", { id: user, username: `Somebody ${user}`, joinedAt: "2026-01-01T00:00:00.000Z" }])}`,
  greetings: ["users-list"],
  news: "user-joined",
  list: "users-list",
};

function chat(issuer: TokenIssuer): Manners {
  return {
    namespace: "/chat",
    connect: (user) => `40/chat,${JSON.stringify({ token: issuer.issue({ sub: user, username: user }) })}`,
    open: undefined,
    greetings: ["message_history", "online_users"],
    news: "online_users",
    list: "online_users",
  };
}
