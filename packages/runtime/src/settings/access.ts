import { z } from "zod";
import { secret, secretList, wholeNumber } from "./value-types.ts";

const secondsIn = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
const duration = z
  .string()
  .regex(/^[1-9]\d{0,4}[smhdw]$/, "must be a whole number and a unit: s, m, h, d or w, as in 7d")
  .transform((text) => Number(text.slice(0, -1)) * secondsIn[text.slice(-1) as keyof typeof secondsIn]);

/** Access: tokens of clients, accounts, and the operators' token. */
export const accessSettings = {
  TOKEN_MODE: z
    .enum(["open", "required"])
    .default("open")
    .meta({
      description:
        "`required`: every connection needs a token, which says which user, dialect and room it may use. `open`: only `chat` needs one; " +
        "elsewhere the user id that a client gives is trusted.",
    }),
  REGISTRATION: z
    .enum(["open", "closed"])
    .default("open")
    .meta({
      description:
        "`closed`: no new accounts; existing ones can log in. Choose it where your own backend signs tokens for `chat`: otherwise anybody can " +
        "register the name of one of its users, and is that user there.",
    }),
  JWT_SECRET: secret.meta({
    secret: true,
    description:
      "The secret that signs and checks tokens (HS256). Production requires at least 32 random characters; elsewhere the nodes generate one and keep it in Redis.",
  }),
  JWT_SECRETS_ACCEPTED: secretList.meta({
    secret: true,
    description:
      "Further secrets, one a line, whose tokens are accepted. To change `JWT_SECRET`, first add the new secret here, and afterwards keep the old one here for a while.",
  }),
  JWT_EXPIRES_IN: duration.prefault("7d").meta({
    description: "Time for which a token of `/api/auth/…` is valid: a number and `s`, `m`, `h`, `d` or `w`.",
  }),
  JWT_PUBLIC_KEY: z.string().optional().meta({
    description:
      "The public key (PEM; RSA or P-256) of an external issuer of tokens. There are then no accounts here, and `JWT_SECRET` is not used.",
  }),
  JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: "The URL of an external issuer's keys (JWKS), instead of `JWT_PUBLIC_KEY`." }),
  ADMIN_TOKEN: secret.meta({
    secret: true,
    description:
      "A request that carries it (`Authorization: Bearer …`) gets the list of matches in `/api/stats`, and may ban and lift bans with `/api/admin`. Unset: no request gets or may do that.",
  }),
  OBSERVER_TOKEN: secret.meta({
    secret: true,
    description:
      "A request that carries it may read what `/api/admin` shows, and change nothing. Unset: only one with `ADMIN_TOKEN` may.",
  }),
  REPORTS_PER_DAY: wholeNumber(1, 10_000).default(20).meta({
    description:
      "Most reports about others (`report_user`) that a user may make a day. All users of one address together may make ten times as many; an IPv6 network /64 counts as one address.",
  }),
  REPORT_AFTER_MS: wholeNumber(0, 86_400_000).default(600_000).meta({
    description:
      "How long the last partner in `random` can be reported after the pair has ended; 0: not at all. The pair's last messages are kept for one minute of it.",
  }),
  REPORTS_KEPT: wholeNumber(100, 1_000_000).default(5000).meta({
    description:
      "Number of reports that are kept; beyond that the oldest are removed. One takes up to 25 KB of Redis's memory, mostly 1 or 2 KB.",
  }),
  REPORT_RETENTION_DAYS: wholeNumber(1, 3650).default(30).meta({
    description: "Number of days for which reports are kept, with the messages that belong to them.",
  }),
  PASSWORD_MIN_SCORE: wholeNumber(0, 4).default(2).meta({
    description:
      "How hard to guess a new password must be, as zxcvbn estimates it: 0 lets any pass, 1 keeps out those that are among the first thousand guesses, 2 among the first million, 3 among 10^8. Existing passwords stay.",
  }),
  DELETED_ACCOUNT_MESSAGES: z.enum(["erase", "anonymise"]).default("erase").meta({
    description:
      "Whether the chatroom's messages of a deleted account stay. `erase`: they are gone. `anonymise`: they stay, by `[deleted]`.",
  }),
  AUDIT_RETENTION_DAYS: wholeNumber(1, 3650).default(365).meta({
    description: "Number of days for which the audit log of operators' actions is kept.",
  }),
} as const satisfies Record<string, z.ZodType>;
