import type { Base } from "../base.ts";
import type { Entrance } from "../entrance.ts";
import { shutdownPacket } from "../events/node-packets.ts";
import type { House } from "../house.ts";
import { closeAll, closeInSteps } from "./drain.ts";
import type { Lease } from "./lease.ts";

/** How long sessions may take to be let go when their connections are closed. */
const SETTLE_MS = 2000;

export type StoppingParts = Base & House & Entrance & { readonly lease: Lease };

/**
 * Lets every session go on at other nodes: tells all clients, closes their transports over `durationMs`, and stops when Redis knows of
 * each that it is detached. Until then the lease is kept, else others would clear up after this node. Who comes back to this node is
 * let in as long as that takes, and then no more: clients that know no other node would keep it from stopping.
 */
export async function stopNode(parts: StoppingParts, durationMs: number): Promise<void> {
  const { readiness, sessions, registry, host, io, http } = parts;
  readiness.drain();
  for (const { participant, connection } of sessions.all) {
    const packet = shutdownPacket(registry.byName(participant.dialect));
    if (packet !== undefined) connection?.send(packet);
  }
  await closeInSteps(io, durationMs);
  http.server.close();
  closeAll(io);
  await host.allReleased(SETTLE_MS);
  await io.close();
  await http.close();
  for (const part of [parts.lease, parts.limits.connections, parts.expiry, parts.dialectChannels]) part.stop();
  await parts.clusterCounters.stop();
  parts.redis.disconnect();
  parts.subscriber.disconnect();
}
