import type { CoreEvent } from "@switchyard/protocol";
import { Announcer } from "../announcer.ts";
import type { Context, Feature } from "../context.ts";

/** Everyone in the dialect sees how many are connected. */
export const population = {
  name: "population",
  events: ["population"],
  display: {
    announcer: (context, onFailure) => new PopulationAnnouncer(context, onFailure),
    state: async ({ store, dialect }) => ({ type: "population", count: await store.presence.count(dialect) }),
  },
} as const satisfies Feature;

/** Tells everyone in a dialect how many they are, when that has changed, at most once a second cluster-wide. */
class PopulationAnnouncer extends Announcer {
  constructor(context: Context, onFailure: (error: unknown) => void) {
    const { store, dialect } = context;
    super(async () => {
      const turn = await store.presence.toAnnounce(dialect);
      if ("waitMs" in turn) return turn.waitMs;
      await publishEvent(context, { type: "population", count: turn.count });
      return 0;
    }, onFailure);
  }
}

/** Publishes an event on the channel of everyone connected in the dialect. */
export async function publishEvent({ store, dialect, render }: Context, event: CoreEvent): Promise<void> {
  const packet = render(event);
  if (packet) await store.presence.publish(dialect, packet.text);
}
