import { z } from "zod";
import { secret, secretList, wholeNumber } from "./value-types.ts";

type Scheme = "stun" | "turn";

/** `stun:host:port` (RFC 7064), `turns:host:port?transport=tcp` (RFC 7065); a bare `host:port` gets the scheme. */
const address = (scheme: Scheme) =>
  z
    .string()
    .trim()
    .transform((text) => (/^[a-z]+:(?!\d+$)/.test(text) ? text : `${scheme}:${text}`))
    .refine(
      (text) =>
        new RegExp(`^${scheme}s?:([\\w.-]+|\\[[0-9a-f:.]+\\])(:\\d{1,5})?(\\?transport=(udp|tcp))?$`).test(text),
      {
        error: `must look like ${scheme}:host:port`,
      },
    );
const addresses = (scheme: Scheme) =>
  z
    .string()
    .default("")
    .transform((text) => text.split(",").filter((part) => part.trim() !== ""))
    .pipe(z.array(address(scheme)));
const one = (scheme: Scheme) => address(scheme).optional();
const numbered = one("stun").meta({ description: "A STUN server, used if `STUN_SERVERS` is not set." });
const username = z.string().optional();

/** The STUN and TURN servers that `/api/ice-servers` returns to clients. */
export const iceSettings = {
  STUN_SERVERS: addresses("stun").meta({
    description: "STUN servers (comma-separated). Default, if no numbered one is set either: Google's public ones.",
  }),
  STUN_SERVER_1: numbered,
  STUN_SERVER_2: numbered,
  STUN_SERVER_3: numbered,
  STUN_SERVER_4: numbered,
  STUN_SERVER_5: numbered,
  STUN_SERVER_6: numbered,
  STUN_SERVER_7: numbered,
  STUN_SERVER_8: numbered,
  STUN_SERVER_9: numbered,
  TURN_SECRET: secret.meta({
    secret: true,
    description:
      "coturn's `static-auth-secret` (`use-auth-secret`), from which credentials are derived for a user or an address.",
  }),
  TURN_SECRETS_ACCEPTED: secretList.meta({
    secret: true,
    description:
      "Further secrets, one a line, that the coturn of `docker-compose.yml` accepts. After a change of `TURN_SECRET`, keep the old one here for a while.",
  }),
  TURN_URLS: addresses("turn").meta({ description: "The TURN servers (comma-separated) that know `TURN_SECRET`." }),
  TURN_TTL: wholeNumber(60, 604_800).default(3600).meta({
    description:
      "Number of seconds for which credentials derived from `TURN_SECRET` are valid at most; at least, it is half of that.",
  }),
  METERED_USERNAME: username.meta({
    description: "User name at a.relay.metered.ca, used if `TURN_SECRET` is not set.",
  }),
  METERED_CREDENTIAL: secret.meta({ secret: true, description: "Credential at a.relay.metered.ca." }),
  TURN_SERVER_URL: one("turn").meta({
    description: "A TURN server with a fixed user, used if neither `TURN_SECRET` nor `METERED_USERNAME` is set.",
  }),
  TURN_SERVER: one("turn").meta({ description: "Another name of `TURN_SERVER_URL`, kept from older deployments." }),
  TURN_USERNAME: username.meta({ description: "The fixed user's name." }),
  TURN_CREDENTIAL: secret.meta({ secret: true, description: "The fixed user's credential." }),
} as const satisfies Record<string, z.ZodType>;
