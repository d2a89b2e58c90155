import type { SignalingConnection } from "./signals.ts";

/** How long an answer is used for further calls: shorter than any credentials of TURN last. */
const FRESH_MS = 60_000;
const TIMEOUT_MS = 3000;

const answers = new WeakMap<object, { at: number; servers: Promise<RTCIceServer[]> }>();

/**
 * The cluster's STUN and TURN servers (`GET /api/ice-servers`), asked with the connection's token; none if it names none, or can't
 * be asked: calls then work inside one network.
 */
export function fetchIceServers(connection: SignalingConnection): Promise<RTCIceServer[]> {
  const known = answers.get(connection);
  if (known && performance.now() - known.at < FRESH_MS) return known.servers;
  const servers = ask(connection).catch(() => {
    answers.delete(connection); // the next call may be luckier
    return [];
  });
  answers.set(connection, { at: performance.now(), servers });
  return servers;
}

async function ask(connection: SignalingConnection): Promise<RTCIceServer[]> {
  const token = await connection.token();
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${connection.url}/api/ice-servers`, {
    headers,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const { iceServers = [] }: { iceServers?: RTCIceServer[] } = await response.json();
  return iceServers;
}
