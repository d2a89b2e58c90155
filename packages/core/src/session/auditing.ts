import type { Context } from "../context.ts";
import { dropEach, SAMPLE } from "../stale-entries.ts";

/**
 * Takes out what reached a shared list late, from a process that was slow or died: sessions that have ended, and what features have such.
 * @returns how many entries went
 */
export async function audit(context: Context): Promise<number> {
  const counts = await Promise.all([
    dropEndedSessions(context),
    ...context.features.map((feature) => feature.audit?.(context) ?? 0),
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}

async function dropEndedSessions({ store, dialect }: Context): Promise<number> {
  return dropEach(
    await store.presence.sampleSessions(dialect, SAMPLE),
    async (session) => !(await store.sessions.exists(session)),
    (session) => store.presence.remove(dialect, session),
  );
}
