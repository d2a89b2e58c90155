import type { NodeAddress } from "@switchyard/proxy/backend";
import { httpGet } from "@switchyard/proxy/health";
import type { Found, Part } from "./supervisor.ts";

const PROBE_LIMIT_MS = 2000;

const HOST = "127.0.0.1";

type ServiceSettings = Readonly<Record<"REDIS_URL" | "TRUST_PROXY", string>>;

/**
 * One of the cluster's own services: a part that answers `/readyz` and `/health` on a loopback port.
 * @param port 0 for one that the system chooses, anew at each start
 * @param script the service's `main.ts`, run by this process' own Node
 * @param settings what the launcher decides for all services, besides name and port
 */
export function service(name: string, port: number, script: string, settings: ServiceSettings): Part {
  const own = { NODE_NAME: name, PORT: String(port), HOST, ...settings };
  return {
    name,
    command: [process.execPath, "--conditions=source", script],
    environment: { ...process.env, ...own },
    probe: async (told) => {
      const actual = port || (told as { port?: number } | undefined)?.port;
      return actual === undefined ? undefined : whenReady(`http://${HOST}:${actual}`);
    },
  };
}

/** A service that the reverse proxy passes connections to. */
export interface NodeService {
  readonly address: NodeAddress;
  readonly part: Part;
}

export function nodeService(name: string, port: number, script: string, settings: ServiceSettings): NodeService {
  return { address: { name, host: HOST, port }, part: service(name, port, script, settings) };
}

/** The id that `/health` gives, once `/readyz` answers 200. */
async function whenReady(url: string): Promise<Found | undefined> {
  if ((await httpGet(`${url}/readyz`, PROBE_LIMIT_MS)).status !== 200) return undefined;
  const { node } = JSON.parse((await httpGet(`${url}/health`, PROBE_LIMIT_MS)).body) as { node?: unknown };
  return typeof node === "string" ? { id: node, url } : undefined;
}
