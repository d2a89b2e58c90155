import { randomUUID } from "node:crypto";
import { Adapter } from "socket.io-adapter";
import {
  type RecoveryId,
  type RecoveryOffset,
  readRecoveryId,
  readRecoveryOffset,
} from "../sessions/recovery-credentials.ts";
import type { SessionHost } from "../sessions/session-host.ts";
import type { Resumption } from "../sessions/session-host-parts.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { type EmitBus, emitAdapter } from "./emits.ts";

/** The result of a recovery, which a socket carries until its connection is bound: the resumption, or why it is not known now. */
type Recovered = { readonly resumption: Resumption } | { readonly failure: unknown };

type StoredSession = Awaited<ReturnType<Adapter["restoreSession"]>>;

/** No rooms are kept here: who is where is in Redis, and nothing is sent by a Socket.IO room. */
class RoomlessAdapter extends Adapter {
  override addAll(): void {}
  override del(): void {}
  override delAll(): void {}
}

/**
 * Socket.IO's connection state recovery out of the session's own stream in Redis. The protocols' events do not go through the adapter at
 * all.
 * @param emits what an extension of a node, or an emitter, sends goes that way, and needs rooms; `undefined`: nothing does
 * @see https://socket.io/docs/v4/connection-state-recovery
 */
export function recoveryAdapter(host: SessionHost, metrics: Metrics, emits?: EmitBus): typeof Adapter {
  const Base = (emits ? emitAdapter(emits) : RoomlessAdapter) as typeof Adapter;
  return class RecoveryAdapter extends Base {
    /** Nothing to do when a connection drops: every event was kept before it was sent. */
    override persistSession(): void {}

    override async restoreSession(pid: string, text: string): Promise<StoredSession> {
      const recovery = readRecoveryId(pid, this.nsp.name);
      const offset = readRecoveryOffset(text);
      if (!recovery || !offset) metrics.resumes.inc({ outcome: "malformed" });
      const recovered = recovery && offset ? await resume(host, recovery, offset) : undefined;
      if (!recovered) return null as unknown as StoredSession; // Socket.IO opens a new session then
      return {
        sid: "resumption" in recovered ? recovered.resumption.session.participant.session : randomUUID(),
        pid,
        rooms: [],
        data: recovered,
        // Socket.IO would send them before it confirms the connection. A client that receives them, but not the confirmation, keeps
        // them and asks for them again: it would have them twice. So they are sent after it.
        missedPackets: [],
      };
    }
  };
}

/** A failure is carried on: a client that Redis could not be asked for must not lose its session, but come again. */
async function resume(host: SessionHost, recovery: RecoveryId, offset: RecoveryOffset): Promise<Recovered | undefined> {
  try {
    const resumption = await host.resume(recovery, offset);
    return resumption && { resumption };
  } catch (failure) {
    return { failure };
  }
}
