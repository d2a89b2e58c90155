import { Announcer, intervalOfLists } from "../announcer.ts";
import type { Context } from "../context.ts";
import { publishEvent } from "../presence/population.ts";

/**
 * Publishes the names of those present to everyone in a dialect, on change: at most once a second cluster-wide, and less often the more
 * receivers there are, so that its cost does not grow with their square.
 */
export class NamesAnnouncer extends Announcer {
  constructor(context: Context, listed: number, onFailure: (error: unknown) => void) {
    const { online } = context.store;
    let intervalMs = intervalOfLists(0, 0);
    super(async () => {
      const turn = await online.toAnnounce(context.dialect, intervalMs, listed);
      if ("waitMs" in turn) return turn.waitMs;
      intervalMs = intervalOfLists(bytesOf(turn.names), turn.total);
      await publishEvent(context, { type: "names", names: turn.names, total: turn.total });
      await online.announced(context.dialect, turn);
      return 0;
    }, onFailure);
  }
}

function bytesOf(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + name.length + 3, 0);
}
