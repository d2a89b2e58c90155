/** The cluster's STUN and TURN servers; none if it names none, or can't be asked: calls then work inside one network. */
export async function fetchIceServers(): Promise<RTCIceServer[]> {
  try {
    const response = await fetch("/api/ice-servers", { signal: AbortSignal.timeout(3000) });
    if (!response.ok) return [];
    const body: { iceServers?: RTCIceServer[] } = await response.json();
    return body.iceServers ?? [];
  } catch {
    return [];
  }
}
