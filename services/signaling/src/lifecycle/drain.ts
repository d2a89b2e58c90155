import { setTimeout as wait } from "node:timers/promises";
import type { Server } from "socket.io";

const STEP_MS = 50;

/**
 * Closes every client's transport, a few at a time over `durationMs`, so that they come back to other nodes by themselves, recovered,
 * and not all at once. Some may come back here; they are closed again, and those that do so at the very end are left.
 */
export async function closeInSteps(io: Server, durationMs: number): Promise<void> {
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

/** Closes all transports there are. */
export function closeAll(io: Server): void {
  for (const engine of enginesOf(io)) engine.close(true);
}

function enginesOf(io: Server): { close(discard: boolean): void }[] {
  const { clients } = io.engine as unknown as { clients: Record<string, { close(discard: boolean): void }> };
  return Object.values(clients);
}
