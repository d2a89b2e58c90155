/** Hosts that this machine reaches as `localhost`: any address, and its own. */
const LOCAL = new Set(["", "0.0.0.0", "::", "127.0.0.1", "::1", "localhost"]);

/** The URL of a cluster whose reverse proxy listens on `host`. */
export function frontUrl(port: number, host: string): string {
  if (LOCAL.has(host)) return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
