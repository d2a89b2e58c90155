import { randomInt } from "node:crypto";
import { docker } from "./docker.ts";

/** Addresses for documentation only (RFC 5737): no private ones, so coturn relays between them, and nobody's either. */
const prefixes = ["192.0.2", "198.51.100", "203.0.113"];
const SIZE = 16;

/** A network for the relay, in which its address and one that nobody has are known before it is made. */
export interface RelayNetwork {
  readonly subnet: string;
  readonly relay: string;
  readonly nobody: string;
}

/** One that no other deployment on this machine has. */
export async function freeRelayNetwork(): Promise<RelayNetwork> {
  const networks = (await docker(["network", "ls", "--quiet"])).split("\n").filter(Boolean);
  const taken = await docker([
    "network",
    "inspect",
    "--format",
    "{{range .IPAM.Config}}{{.Subnet}} {{end}}",
    ...networks,
  ]);
  const free = candidates().filter(({ subnet }) => !taken.includes(subnet));
  const chosen = free[randomInt(Math.max(free.length, 1))];
  if (chosen === undefined) throw new Error("every network for documentation is in use: docker network prune");
  return chosen;
}

function candidates(): RelayNetwork[] {
  const starts = Array.from({ length: 256 / SIZE }, (_, index) => index * SIZE);
  return prefixes.flatMap((prefix) =>
    starts.map((start) => ({
      subnet: `${prefix}.${start}/28`,
      relay: `${prefix}.${start + 10}`,
      nobody: `${prefix}.${start + 11}`,
    })),
  );
}
