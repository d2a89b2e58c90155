import { createHmac } from "node:crypto";
import { KeysUnavailableError, TokenError } from "@switchyard/auth";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { AccountTokens } from "../admission/account-tokens.ts";
import type { SignalingConfig } from "../config.ts";
import { addressGroup } from "../limits/client-address.ts";
import { RequestProblem, TRY_AGAIN } from "./problem.ts";
import { bearerTokenOf } from "./security.ts";

/** As RTCPeerConnection takes it (W3C WebRTC, RTCIceServer). */
interface IceServer {
  readonly urls: string | readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

const publicStun = ["stun:stun.l.google.com:19302", "stun:stun1.l.google.com:19302"];
const meteredUrls = [80, 443].flatMap((port) => {
  const url = `turn:a.relay.metered.ca:${port}`;
  return [url, `${url}?transport=tcp`];
});

/** Somebody who may use TURN: a user or an address. Never leaves the node as it is. */
type Relayed = `user ${string}` | `address ${string}`;

/**
 * `GET /api/ice-servers`. A relay costs its operator: where tokens are required, only a user who shows one gets TURN; without
 * one the answer is the STUN servers, so that calls which need no relay work as before.
 */
export function addIceRoutes(http: FastifyInstance, config: SignalingConfig, tokens: AccountTokens): void {
  http.get("/api/ice-servers", async (request, reply) => {
    const relayed: Relayed | undefined =
      config.TOKEN_MODE === "open"
        ? `address ${addressGroup(request.ip)}`
        : await userOf(bearerTokenOf(request), tokens, reply);
    return { iceServers: iceServersOf(config, Date.now(), relayed) };
  });
}

async function userOf(
  token: string | undefined,
  tokens: AccountTokens,
  reply: FastifyReply,
): Promise<Relayed | undefined> {
  if (token === undefined) return undefined;
  try {
    return `user ${(await tokens.verify(token)).sub}`;
  } catch (error) {
    if (error instanceof KeysUnavailableError) throw new RequestProblem(503, "server_error", TRY_AGAIN);
    if (!(error instanceof TokenError)) throw error;
    reply.header("www-authenticate", "Bearer");
    throw new RequestProblem(401, error.code, "The token is not valid.");
  }
}

/** The STUN servers, and the TURN servers with credentials for somebody who asks now (Unix time in ms). */
function iceServersOf(config: SignalingConfig, nowMs: number, relayed: Relayed | undefined): IceServer[] {
  const turn = relayed === undefined ? undefined : turnServer(config, nowMs, relayed);
  return [...stunUrls(config).map((urls) => ({ urls })), ...(turn ? [turn] : [])];
}

function stunUrls(config: SignalingConfig): readonly string[] {
  if (config.STUN_SERVERS.length > 0) return config.STUN_SERVERS;
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
  const numbered = numbers.flatMap((number) => config[`STUN_SERVER_${number}`] ?? []);
  return numbered.length > 0 ? numbered : publicStun;
}

function turnServer(config: SignalingConfig, nowMs: number, relayed: Relayed): IceServer | undefined {
  const { TURN_SECRET, METERED_USERNAME, METERED_CREDENTIAL, TURN_USERNAME, TURN_CREDENTIAL } = config;
  if (TURN_SECRET !== undefined) {
    return { urls: config.TURN_URLS, ...temporaryUser(TURN_SECRET, expiryOf(nowMs, config.TURN_TTL), relayed) };
  }
  if (METERED_USERNAME !== undefined && METERED_CREDENTIAL !== undefined) {
    return { urls: meteredUrls, username: METERED_USERNAME, credential: METERED_CREDENTIAL };
  }
  const server = config.TURN_SERVER_URL ?? config.TURN_SERVER;
  if (server === undefined || TURN_USERNAME === undefined || TURN_CREDENTIAL === undefined) return undefined;
  return { urls: [server], username: TURN_USERNAME, credential: TURN_CREDENTIAL };
}

/**
 * The same for everybody who asks within half of `TURN_TTL`: at least that long, and at most `TURN_TTL`, from now.
 * @returns Unix time in seconds
 */
function expiryOf(nowMs: number, ttl: number): number {
  const window = Math.floor(ttl / 2);
  return (Math.floor(nowMs / 1000 / window) + 2) * window;
}

/**
 * A user whom the TURN server knows by the secret that it shares with us, until `expiry` (Unix time in seconds). coturn's
 * quotas are by the part behind the time: it is the same for the same user or address, and reveals neither.
 * @see https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00, coturn's `use-auth-secret`
 */
function temporaryUser(secret: string, expiry: number, relayed: Relayed): { username: string; credential: string } {
  const id = createHmac("sha256", secret).update(`turn ${relayed}`).digest("hex").slice(0, 16);
  const username = `${expiry}:${id}`;
  return { username, credential: createHmac("sha1", secret).update(username).digest("base64") };
}
