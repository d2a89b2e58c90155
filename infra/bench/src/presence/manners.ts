import { TokenIssuer } from "@switchyard/auth";

const TOKENS_LAST_SECONDS = 3600;

/** The dialects in which everyone hears who is online. */
export type PresenceDialect = "calls" | "chat";

/** How a client of one dialect comes online, in Socket.IO packets (protocol 5), and what it is told. */
export interface Manners {
  readonly namespace: string;
  /** What it says when its transport is open. */
  readonly connect: (user: string) => string;
  /** What it says when it is connected; `undefined`: nothing. */
  readonly open: ((user: string) => string) | undefined;
  /** By these events it is told what there is; when it has had all it is in. */
  readonly greetings: readonly string[];
  /** What tells everyone else that somebody came. */
  readonly news: string;
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
};

function chat(issuer: TokenIssuer): Manners {
  return {
    namespace: "/chat",
    connect: (user) => `40/chat,${JSON.stringify({ token: issuer.issue({ sub: user, username: user }) })}`,
    open: undefined,
    greetings: ["message_history", "online_users"],
    news: "online_users",
  };
}
