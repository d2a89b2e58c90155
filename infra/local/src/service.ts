import type { NodeAddress } from "./front/backend.ts";
import { httpGet } from "./http-get.ts";
import type { Part } from "./part.ts";

const PROBE_LIMIT_MS = 2000;

/** One of the cluster's own services: a part that answers `/readyz` and `/health` on a loopback port. */
export interface Service extends NodeAddress {
  readonly url: string;
  readonly part: Part;
}

export interface ServiceSettings {
  readonly REDIS_URL: string;
  readonly TRUST_PROXY: string;
}

/**
 * @param script the service's `main.ts`, run by this process' own Node
 * @param settings what the launcher decides for all services, besides name and port
 */
export function service(name: string, port: number, script: string, settings: ServiceSettings): Service {
  const host = "127.0.0.1";
  const url = `http://${host}:${port}`;
  const own = { NODE_NAME: name, PORT: String(port), HOST: host, ...settings };
  const part: Part = {
    name,
    command: [process.execPath, "--conditions=source", script],
    environment: { ...process.env, ...own },
    probe: () => idWhenReady(url),
  };
  return { name, host, port, url, part };
}

/** The id that `/health` gives, once `/readyz` says 200. */
async function idWhenReady(url: string): Promise<string | undefined> {
  if ((await httpGet(`${url}/readyz`, PROBE_LIMIT_MS)).status !== 200) return undefined;
  const health: unknown = JSON.parse((await httpGet(`${url}/health`, PROBE_LIMIT_MS)).body);
  const node = typeof health === "object" && health !== null && "node" in health ? health.node : undefined;
  return typeof node === "string" ? node : undefined;
}
