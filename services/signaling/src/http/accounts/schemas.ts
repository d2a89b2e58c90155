import { Password, Username } from "@switchyard/auth";
import { Id } from "@switchyard/protocol";
import { messagePolicies } from "@switchyard/store";
import { z } from "zod";
import { Timestamp } from "../schemas.ts";

const Device = z.string().max(128).meta({
  description:
    "The proof that the last login from this device returned, or an empty text to be given one: with it the guesses of others don't keep the name's owner out.",
});
const Attempted = z.string().min(1).max(128);
const Reason = z.string().min(1).max(500).meta({ description: "For the audit log." });
const MessagePolicy = z.enum(messagePolicies).meta({
  description: "`erase`: the account's messages are erased. `anonymise`: they stay, without its name.",
});

export const Credentials = z.object({ username: Username, password: Password, device: Device.optional() });
/** A login may try names and passwords that could not be registered. */
export const LoginAttempt = z.object({ username: Attempted, password: Attempted, device: Device.optional() });
export const NewPassword = z.object({ password: Attempted, newPassword: Password });
export const PasswordOnly = z.object({ password: Attempted });

export const Session = z.object({
  token: z.string().meta({ description: "A JWT (RFC 7519), HS256." }),
  username: Username,
  device: z.string().optional().meta({
    description: "If the request had one: to be kept on this device and sent with later logins. It opens nothing.",
  }),
});
export const AccountName = z.object({ username: Username });
export const Removal = AccountName.extend({ messages: MessagePolicy });

export const AccountExport = z
  .object({
    username: Username,
    id: z.string().meta({ description: "By which the audit log names the account." }),
    created: Timestamp.optional(),
    sessions: z.array(z.object({ dialect: z.string(), session: z.string(), since: Timestamp })),
    messages: z.array(z.object({ dialect: z.string(), id: z.string(), at: Timestamp, text: z.string() })),
    bans: z.array(
      z.object({
        effect: z.string(),
        dialect: z.string().optional(),
        reason: z.string(),
        at: Timestamp,
        until: Timestamp.optional(),
      }),
    ),
  })
  .meta({ id: "AccountExport" });

export const AccountParameters = z.object({ name: Id });
export const AccountsQuery = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, "is none")
    .optional()
    .meta({ description: "`nextCursor` of the page before." }),
});
export const ActionBody = z.object({ reason: Reason });
export const PasswordActionBody = ActionBody.extend({ password: Password });
export const RemovalBody = ActionBody.extend({ messages: MessagePolicy });

export const Accounts = z.object({
  accounts: z.array(z.object({ username: Username, created: Timestamp })).max(100),
  total: z.int(),
  nextCursor: z.string().optional().meta({ description: "To be given as `cursor` for the next page." }),
});
export const AccountDetails = z.object({
  username: Username,
  id: z.string().meta({ description: "By which the audit log names the account." }),
  created: Timestamp.optional(),
  removing: MessagePolicy.optional().meta({ description: "It is being removed, and that becomes of its messages." }),
  sessions: z.array(z.string()).meta({ description: "The sessions that stand for it now." }),
});
