import { Id } from "@switchyard/protocol";
import { banEffects, banKinds, type Ban as StoredBan } from "@switchyard/store";
import { z } from "zod";
import { Timestamp } from "./schemas.ts";

export const Reason = z.string().min(1).max(500);
export const Dialect = z
  .string()
  .min(1)
  .max(64)
  .meta({ description: "The only dialect in which it is in force; missing: all." });

export const Effect = z.enum(banEffects).meta({
  description:
    "`ban`: no connection, no pairing. `mute`: no messages and no calls to others; the rest as before. `shadow`: paired " +
    "only with others who are in the shadow pool, and no client learns of it.",
});

export const Ban = z
  .object({
    id: z.string(),
    effect: Effect,
    kind: z.enum(banKinds),
    whom: z.string().meta({ description: "The user's id, the address, or the network." }),
    dialect: Dialect.optional(),
    until: Timestamp.optional().meta({ description: "When it ends; missing: never." }),
    reason: Reason.meta({ description: "Sent to those who are banned or muted, too." }),
    by: Id.meta({ description: "The operator's name, or the way in." }),
    at: Timestamp,
  })
  .meta({ id: "Ban" });

/** A ban as the API returns it. Times in ISO 8601. */
export function describeBan({ id, effect, kind, whom, dialect, until, reason, by, at }: StoredBan) {
  return {
    id,
    effect,
    kind,
    whom,
    ...(dialect === undefined ? {} : { dialect }),
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
    reason,
    by,
    at: new Date(at).toISOString(),
  };
}
