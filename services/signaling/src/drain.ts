import { setTimeout as wait } from "node:timers/promises";
import type { Server } from "socket.io";

const STEP_MS = 50;

/**
 * Tells every client that the node stops, then closes their transports a few at a time over `durationMs`, so that they come back to
 * other nodes by themselves, recovered, and not all at once.
 */
export async function closeInSteps(io: Server, durationMs: number): Promise<void> {
  const engines = io.engine as unknown as { clients: Record<string, { close(discard?: boolean): void }> };
  const steps = Math.max(1, Math.floor(durationMs / STEP_MS));
  const perStep = Math.ceil(Object.keys(engines.clients).length / steps);
  for (;;) {
    const open = Object.values(engines.clients);
    if (open.length === 0) return;
    for (const client of open.slice(0, Math.max(1, perStep))) client.close(true);
    if (open.length > perStep) await wait(STEP_MS);
  }
}
