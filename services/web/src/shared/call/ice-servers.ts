/**
 * The cluster's STUN and TURN servers; none if it names none, or can't be asked: calls then work inside one network.
 * @param token without one, a cluster that requires tokens names its STUN servers only
 */
export async function fetchIceServers(token?: string): Promise<RTCIceServer[]> {
  try {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch("/api/ice-servers", { headers, signal: AbortSignal.timeout(3000) });
    if (!response.ok) return [];
    const body: { iceServers?: RTCIceServer[] } = await response.json();
    return body.iceServers ?? [];
  } catch {
    return [];
  }
}
