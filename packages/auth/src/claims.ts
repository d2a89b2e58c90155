import { dialectNames, Id } from "@switchyard/protocol";
import { z } from "zod";

/**
 * What a token says of its bearer (RFC 7519). Claims that are not named here are ignored; `nbf` is heeded before.
 * A token without `exp` is good until its key is replaced.
 */
export const Claims = z.object({
  sub: Id.meta({ description: "The user id that the bearer stands for." }),
  username: Id.optional().meta({ description: "What the user is called." }),
  dialect: z.enum(dialectNames).optional().meta({ description: "The only dialect that the bearer may speak." }),
  room: Id.optional().meta({ description: "The only match, call or meeting that the bearer may be in." }),
  exp: z.number().optional().meta({ description: "Until when it is good, Unix time in seconds." }),
});

export type Claims = z.output<typeof Claims>;
