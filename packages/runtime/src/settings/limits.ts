import { isIP, isIPv4 } from "node:net";
import { z } from "zod";
import { wholeNumber } from "./value-types.ts";

const atLeastOne = () => wholeNumber(1, 1e9);
/** In seconds. */
const duration = () => wholeNumber(1, 2_592_000);

const networkNames: readonly string[] = ["loopback", "linklocal", "uniquelocal"];

/** An address, a network (`10.0.0.0/8`), or the name of some networks. */
function isNetwork(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  if (isIP(address) === 0) return networkNames.includes(text);
  if (bits === undefined) return true;
  return more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128);
}

const proxies = z
  .string()
  .default("")
  .transform((text) => {
    if (/^\d{1,2}$/.test(text)) return Number(text);
    return text
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean);
  })
  .refine(
    (proxies) => typeof proxies === "number" || proxies.every(isNetwork),
    "must be addresses, networks like 10.0.0.0/8, loopback, linklocal or uniquelocal, separated by commas, or a number",
  );

/** Limits on users and addresses, counted over the whole cluster. */
export const rateSettings = {
  TRUST_PROXY: proxies.meta({
    description:
      "The proxies whose `X-Forwarded-For` is trusted: addresses, networks (`10.0.0.0/8`), `loopback`, `linklocal`, `uniquelocal`, comma-separated; or the number of proxies, if clients can't reach nodes without passing them. Default: none.",
  }),
  RATE_LIMIT_POINTS: atLeastOne().default(100).meta({
    description: "Most events per user and `RATE_LIMIT_DURATION` that have a cost for others: chat, joins, calls.",
  }),
  SIGNAL_RATE_LIMIT_POINTS: atLeastOne().default(600).meta({
    description:
      "Most offers, answers and candidates per user and `RATE_LIMIT_DURATION`, and separately most cheap events (typing), and most events that are ignored.",
  }),
  HTTP_RATE_LIMIT_POINTS: atLeastOne().default(600).meta({
    description: "Most requests to `/api` per address and `RATE_LIMIT_DURATION`.",
  }),
  CREATE_ROOM_RATE_LIMIT_POINTS: atLeastOne().default(100).meta({
    description: "Most meetings created by `POST /api/create-room` per address and `RATE_LIMIT_DURATION`.",
  }),
  EVENTS_RATE_LIMIT_POINTS: atLeastOne().default(6000).meta({
    description:
      "Most events to users and rooms by `POST /api/events` per `RATE_LIMIT_DURATION`, of all back ends together.",
  }),
  BROADCAST_RATE_LIMIT_POINTS: atLeastOne().default(60).meta({
    description:
      "Most events to everyone in a dialect by `POST /api/events` per `RATE_LIMIT_DURATION`, of all back ends together.",
  }),
  RATE_LIMIT_DURATION: duration().default(60).meta({
    description:
      "The period of the limits on events, on requests to `/api`, on creating meetings and on events of back ends.",
  }),
  CONNECT_RATE_LIMIT_POINTS: atLeastOne().default(40).meta({
    description:
      "Most requests of one connection for a namespace, recoveries included, and most sessions that begin with one user's tokens, per `CONNECT_RATE_LIMIT_DURATION`.",
  }),
  CONNECT_RATE_LIMIT_DURATION: duration().default(30).meta({
    description: "The period of the limit on connects.",
  }),
  MAX_REFUSED_EVENTS: atLeastOne().default(300).meta({
    description:
      "Most refused events of one connection in `RATE_LIMIT_DURATION`; beyond that the connection is closed.",
  }),
  ADDRESS_RATE_LIMIT_USERS: wholeNumber(0, 1e6).default(100).meta({
    description:
      "Number of users whose allowances of events, connects and refused events one address has, for all clients behind it; 0: addresses have no such limit. An IPv6 network /64 counts as one address.",
  }),
  ADDRESS_RATE_LIMIT_BYTES: wholeNumber(0, 1e12).default(9_000_000).meta({
    description:
      "Most bytes that the events and connects of one address may cost at once, at all nodes together; they come back over `RATE_LIMIT_DURATION`. Counted is what Redis keeps of them, and a thirty-second part of what others are sent. 0, here or for `ADDRESS_RATE_LIMIT_USERS`: no limit.",
  }),
  MAX_CONNECTIONS_PER_IP: wholeNumber(0, 1e9).default(10_000).meta({
    description:
      "Most connections from one address at all nodes; 0: any number. An IPv6 network /64 counts as one address.",
  }),
  REGISTER_RATE_LIMIT_POINTS: atLeastOne().default(100).meta({
    description: "Most attempts to register per address, and per name, and `REGISTER_RATE_LIMIT_DURATION`.",
  }),
  REGISTER_RATE_LIMIT_DURATION: duration().default(3600).meta({
    description: "The period of the limit on registering.",
  }),
  LOGIN_RATE_LIMIT_POINTS: atLeastOne().default(30).meta({
    description: "Most attempts to log in per address and `LOGIN_RATE_LIMIT_DURATION`.",
  }),
  LOGIN_RATE_LIMIT_DURATION: duration().default(60).meta({
    description: "The period of the limit on logging in.",
  }),
  LOGIN_FREE_TRIES: atLeastOne().default(5).meta({
    description: "Number of attempts to log in with one name that may fail before the name is blocked for a while.",
  }),
  LOGIN_BLOCK_DURATION: duration().default(60).meta({
    description: "Time for which a name is then blocked; it doubles with each further failure, up to 15 minutes.",
  }),
} as const satisfies Record<string, z.ZodType>;
