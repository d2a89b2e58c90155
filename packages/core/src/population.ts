import { Announcer } from "./announcer.ts";
import type { Context } from "./context.ts";

/** Tells everyone in a dialect how many they are, when that has changed, at most once a second cluster-wide. */
export class Population extends Announcer {
  constructor({ store, wire, dialect }: Context, onFailure: (error: unknown) => void) {
    super(async () => {
      const turn = await store.presence.toAnnounce(dialect);
      if ("waitMs" in turn) return turn.waitMs;
      await wire.tell({ to: "lobby" }, { type: "population", count: turn.count });
      return 0;
    }, onFailure);
  }
}
