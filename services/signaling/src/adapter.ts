import { Adapter } from "socket.io-adapter";
import { readRecoveryId } from "./recovery-id.ts";
import type { Resumption, SessionHost } from "./session-host.ts";

/** What a recovered socket carries until its connection is bound. */
export interface Recovered {
  readonly resumption: Resumption;
}

type StoredSession = Awaited<ReturnType<Adapter["restoreSession"]>>;

/**
 * Socket.IO's connection state recovery out of the session's own stream in Redis. Broadcasts do not go through the adapter at all.
 * @see https://socket.io/docs/v4/connection-state-recovery
 */
export function recoveryAdapter(host: SessionHost): typeof Adapter {
  return class RecoveryAdapter extends Adapter {
    /** Nothing to do when a connection drops: every event was kept before it was sent. */
    override persistSession(): void {}

    override async restoreSession(pid: string, offset: string): Promise<StoredSession> {
      const recovery = readRecoveryId(pid, this.nsp.name);
      const number = /^\d{1,15}$/.test(offset) ? Number(offset) : undefined;
      const resumption = recovery && number !== undefined ? await host.resume(recovery, number) : undefined;
      if (!resumption) return null as unknown as StoredSession; // Socket.IO opens a new session then
      const { session, restored } = resumption;
      return {
        sid: session.participant.session,
        pid,
        rooms: [],
        data: { resumption } satisfies Recovered,
        missedPackets: restored.missed.map(({ number: at, packet }) => [...JSON.parse(packet), String(at)]),
      };
    }
  };
}
