import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { networkInterfaces } from "node:os";
import { json } from "node:stream/consumers";
import type { Neighbour } from "@switchyard/store";
import type { SignalingConfig } from "../config.ts";

/** A machine may be in several networks; which one another node is in, it does not know. */
const MOST_ADDRESSES = 4;
/** Longer than a node takes to find that Redis does not answer it. */
const ASK_MS = 2000;
const ANY_ADDRESS = ["", "0.0.0.0", "::"];
/** An address and a port, and nothing with which a URL would mean something else. */
const ADDRESS = /^(?:\[[\da-f:.]+\]|[\w.-]+):\d{1,5}$/i;

/** Where other nodes reach this one: `host:port`, each. */
export function addressesOf({ NODE_ADDRESS, HOST }: SignalingConfig, port: number): string[] {
  if (NODE_ADDRESS !== undefined) return [/:\d+$/.test(NODE_ADDRESS) ? NODE_ADDRESS : `${NODE_ADDRESS}:${port}`];
  const hosts = ANY_ADDRESS.includes(HOST) ? machineAddresses() : [HOST];
  return hosts.map((host) => `${host.includes(":") ? `[${host}]` : host}:${port}`);
}

function machineAddresses(): string[] {
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith("fe80:"))
    .toSorted((a, b) => a.family.localeCompare(b.family)) // IPv4 first
    .map(({ address }) => address);
  return found.length > 0 ? found.slice(0, MOST_ADDRESSES) : ["127.0.0.1"];
}

/** `silent`: nobody answers there, or not that node. */
export type NeighbourAnswer = "ready" | "not ready" | "silent";

/** Asks a node whether it is ready, at all of its addresses at the same time. */
export async function askNeighbour({ node, addresses }: Neighbour): Promise<NeighbourAnswer> {
  const asked = addresses.filter((address) => ADDRESS.test(address)).slice(0, MOST_ADDRESSES);
  const answers = await Promise.all(asked.map((address) => askAt(address, node).catch(() => "silent" as const)));
  return (["ready", "not ready"] as const).find((answer) => answers.includes(answer)) ?? "silent";
}

async function askAt(address: string, node: string): Promise<NeighbourAnswer> {
  const request = get(`http://${address}/readyz`, { agent: false, signal: AbortSignal.timeout(ASK_MS) });
  request.on("error", () => {}); // its answer breaks off, or the wait for one does
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const body = (await json(response)) as { readonly node?: unknown };
  if (body.node !== node) return "silent"; // another process has that address by now
  return response.statusCode === 200 ? "ready" : "not ready";
}
