import { createHmac, randomBytes } from "node:crypto";
import type { SignalingConfig } from "../config.ts";

/** As RTCPeerConnection takes it (W3C WebRTC, RTCIceServer). */
export interface IceServer {
  readonly urls: string | readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

const publicStun = ["stun:stun.l.google.com:19302", "stun:stun1.l.google.com:19302"];
const meteredUrls = [80, 443].flatMap((port) => {
  const url = `turn:a.relay.metered.ca:${port}`;
  return [url, `${url}?transport=tcp`];
});

/** The STUN servers, and the TURN servers with credentials for somebody who asks now (Unix time in ms). */
export function iceServersOf(config: SignalingConfig, nowMs: number): IceServer[] {
  const turn = turnServer(config, nowMs);
  return [...stunUrls(config).map((urls) => ({ urls })), ...(turn ? [turn] : [])];
}

function stunUrls(config: SignalingConfig): readonly string[] {
  if (config.STUN_SERVERS.length > 0) return config.STUN_SERVERS;
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
  const numbered = numbers.flatMap((number) => config[`STUN_SERVER_${number}`] ?? []);
  return numbered.length > 0 ? numbered : publicStun;
}

function turnServer(config: SignalingConfig, nowMs: number): IceServer | undefined {
  const { TURN_SECRET, METERED_USERNAME, METERED_CREDENTIAL, TURN_USERNAME, TURN_CREDENTIAL } = config;
  if (TURN_SECRET !== undefined) {
    return { urls: config.TURN_URLS, ...temporaryUser(TURN_SECRET, Math.floor(nowMs / 1000) + config.TURN_TTL) };
  }
  if (METERED_USERNAME !== undefined && METERED_CREDENTIAL !== undefined) {
    return { urls: meteredUrls, username: METERED_USERNAME, credential: METERED_CREDENTIAL };
  }
  const server = config.TURN_SERVER_URL ?? config.TURN_SERVER;
  if (server === undefined || TURN_USERNAME === undefined || TURN_CREDENTIAL === undefined) return undefined;
  return { urls: [server], username: TURN_USERNAME, credential: TURN_CREDENTIAL };
}

/**
 * A user whom the TURN server knows by the secret that it shares with us, until `expiry` (Unix time in seconds).
 * @see https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00, coturn's `use-auth-secret`
 */
function temporaryUser(secret: string, expiry: number): { username: string; credential: string } {
  const username = `${expiry}:${randomBytes(8).toString("hex")}`;
  return { username, credential: createHmac("sha1", secret).update(username).digest("base64") };
}
