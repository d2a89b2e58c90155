import { Announcer } from "../announcer.ts";
import type { Context } from "../context.ts";
import { publishEvent } from "../presence/population.ts";

/** The shortest time between two lists, and what all lists together may cost the cluster, in bytes a second. */
const LEAST_INTERVAL_MS = 1000;
const BYTES_PER_SECOND = 4_000_000;

/**
 * Publishes the names of those present to everyone in a dialect, on change: at most once a second cluster-wide, and less often the more
 * receivers there are, so that its cost does not grow with their square.
 */
export class NamesAnnouncer extends Announcer {
  constructor(context: Context, listed: number, onFailure: (error: unknown) => void) {
    const { online } = context.store;
    let intervalMs = LEAST_INTERVAL_MS;
    super(async () => {
      const turn = await online.toAnnounce(context.dialect, intervalMs, listed);
      if ("waitMs" in turn) return turn.waitMs;
      intervalMs = intervalFor(turn.names, turn.total);
      await publishEvent(context, { type: "names", names: turn.names, total: turn.total });
      await online.announced(context.dialect, turn);
      return 0;
    }, onFailure);
  }
}

/** How long to wait until the next list, in ms. */
function intervalFor(names: readonly string[], receivers: number): number {
  const bytes = names.reduce((sum, name) => sum + name.length + 3, 0) * receivers;
  return Math.max(LEAST_INTERVAL_MS, Math.round((bytes / BYTES_PER_SECOND) * 1000));
}
