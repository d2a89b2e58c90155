import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Server } from "socket.io";
import type { SignalingConfig } from "../config.ts";
import type { DialectRegistry } from "../events/dialect-registry.ts";
import { shutdownPacket } from "../events/node-packets.ts";
import type { HeldSessions } from "../sessions/held-sessions.ts";
import type { SessionHost } from "../sessions/session-host.ts";
import type { Readiness } from "./readiness.ts";

const STEP_MS = 50;
/** How long sessions may take to be detached when their connections are closed. */
const DETACH_WITHIN_MS = 2000;

export interface DrainParts {
  readonly readiness: Readiness;
  readonly sessions: HeldSessions;
  readonly registry: DialectRegistry;
  readonly host: SessionHost;
  readonly io: Server;
  readonly http: FastifyInstance;
}

/**
 * Lets every session go on at other nodes: sends all clients the shutdown event, closes their transports over `durationMs`, and resolves
 * when Redis knows of each session that it is detached. Meanwhile clients that come back to this node are admitted; at the end
 * the port is closed, because clients that know no other node would keep this one from stopping.
 */
export async function drainNode(parts: DrainParts, durationMs: number): Promise<void> {
  const { readiness, sessions, registry, host, io, http } = parts;
  readiness.drain();
  for (const { participant, connection } of sessions.all) {
    const packet = shutdownPacket(registry.byName(participant.dialect));
    if (packet !== undefined) connection?.send(packet);
  }
  await closeInSteps(io, durationMs);
  http.server.close();
  closeAll(io);
  await host.allReleased(DETACH_WITHIN_MS);
}

/**
 * Closes all transports, as a network failure would, so that clients come back to other nodes by themselves: well within the time
 * for which those can take the sessions over. Redis is not needed for that.
 */
export async function letClientsGo(
  io: Server,
  { SHUTDOWN_MS, RECONNECT_GRACE_MS }: Pick<SignalingConfig, "SHUTDOWN_MS" | "RECONNECT_GRACE_MS">,
): Promise<void> {
  await closeInSteps(io, Math.min(SHUTDOWN_MS, RECONNECT_GRACE_MS / 2));
  closeAll(io);
}

/**
 * Closes every client's transport, a few at a time over `durationMs`, so that they come back to other nodes by themselves, recovered,
 * and not all at once. Some may come back here; they are closed again, and those that do so at the very end are left.
 */
async function closeInSteps(io: Server, durationMs: number): Promise<void> {
  const steps = Math.max(1, Math.floor(durationMs / STEP_MS));
  const perStep = Math.max(1, Math.ceil(enginesOf(io).length / steps));
  const from = performance.now();
  for (;;) {
    const open = enginesOf(io);
    for (const engine of open.slice(0, perStep)) engine.close(true);
    if (open.length <= perStep || performance.now() - from >= durationMs) return;
    await wait(STEP_MS);
  }
}

/** Closes all transports. */
function closeAll(io: Server): void {
  for (const engine of enginesOf(io)) engine.close(true);
}

function enginesOf(io: Server): { close(discard: boolean): void }[] {
  const { clients } = io.engine as unknown as { clients: Record<string, { close(discard: boolean): void }> };
  return Object.values(clients);
}
