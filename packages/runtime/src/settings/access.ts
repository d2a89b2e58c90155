import { z } from "zod";
import { secret, secretList } from "./value-types.ts";

const secondsIn = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
const duration = z
  .string()
  .regex(/^[1-9]\d{0,4}[smhdw]$/, "must be a whole number and a unit: s, m, h, d or w, as in 7d")
  .transform((text) => Number(text.slice(0, -1)) * secondsIn[text.slice(-1) as keyof typeof secondsIn]);

/** Who may do what: tokens, and the operators' token. */
export const accessSettings = {
  TOKEN_MODE: z
    .enum(["open", "required"])
    .default("open")
    .meta({
      description:
        "`required` asks every connection for a token that says which user, dialect and room it may use; `open` asks only for `chat`, " +
        "and elsewhere believes the user id that a client gives.",
    }),
  REGISTRATION: z
    .enum(["open", "closed"])
    .default("open")
    .meta({
      description:
        "`closed`: nobody can make an account; those that are there can log in. Choose it where your own backend signs tokens for `chat`, " +
        "or whoever registers one of its users' names is that user there.",
    }),
  JWT_SECRET: secret.meta({
    secret: true,
    description:
      "Signs and checks tokens (HS256). In production at least 32 random characters; elsewhere the nodes make one and keep it in Redis.",
  }),
  JWT_SECRETS_ACCEPTED: secretList.meta({
    secret: true,
    description:
      "Further secrets, one a line, whose tokens are believed: while `JWT_SECRET` is changed, the one before it, and first the one to come.",
  }),
  JWT_EXPIRES_IN: duration.prefault("7d").meta({
    description: "How long a token of `/api/auth/…` is good: a number and `s`, `m`, `h`, `d` or `w`.",
  }),
  JWT_PUBLIC_KEY: z.string().optional().meta({
    description:
      "The public key (PEM; RSA or P-256) of whoever else issues the tokens. Accounts are then not kept here, and `JWT_SECRET` is not used.",
  }),
  JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: "Where the keys of whoever else issues the tokens are (JWKS), instead of `JWT_PUBLIC_KEY`." }),
  ADMIN_TOKEN: secret.meta({
    secret: true,
    description:
      "Whoever sends it (`Authorization: Bearer …`) gets the list of matches in `/api/stats`; unset, nobody does.",
  }),
} as const satisfies Record<string, z.ZodType>;
