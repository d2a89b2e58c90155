/**
 * The `TRUST_PROXY` of nodes behind the reverse proxy: that proxy, which is on this machine, and the proxies before it.
 * @param further the proxies that the reverse proxy itself is behind: addresses and networks, or how many there are
 */
export function behindReverseProxy(further: readonly string[] | number): string {
  return typeof further === "number" ? String(further + 1) : ["loopback", ...further].join(",");
}
