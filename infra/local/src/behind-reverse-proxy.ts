/**
 * The `TRUST_PROXY` of nodes behind the front door: the front door, which is on this machine, and what is before it.
 * @param further the proxies that the front door itself is behind: addresses and networks, or how many there are
 */
export function behindReverseProxy(further: readonly string[] | number): string {
  return typeof further === "number" ? String(further + 1) : ["loopback", ...further].join(",");
}
