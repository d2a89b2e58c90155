import { type Announcer, type Context, NamesAnnouncer, PopulationAnnouncer } from "@switchyard/core";
import type { DialectName } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";
import type { Dialect } from "./dialect.ts";
import type { DialectLimits } from "./dialect-limits.ts";
import { type DeliveryListener, type DeliveryObserver, DialectWire } from "./dialect-wire.ts";

/**
 * What the use cases of every dialect work with in one process.
 * @param observerOf who is told of a dialect's deliveries
 * @param onDelivery who is told of each of them
 */
export function openContexts(
  dialects: readonly Dialect[],
  store: Store,
  limits: DialectLimits,
  observerOf: (dialect: Dialect) => DeliveryObserver = () => () => {},
  onDelivery?: DeliveryListener,
): Map<DialectName, Context> {
  return new Map(
    dialects.map((dialect) => {
      const wire = new DialectWire(store, dialect, observerOf(dialect), onDelivery);
      return [dialect.name, openContext(dialect, store, wire, limits)];
    }),
  );
}

/** What the use cases of one dialect work with. */
export function openContext(dialect: Dialect, store: Store, wire: Context["wire"], limits: DialectLimits): Context {
  const { name, queues } = dialect;
  return {
    dialect: name,
    queues,
    store,
    wire,
    roomRules: dialect.rooms?.(limits),
    onlineRules: dialect.online?.(limits),
  };
}

/** What tells everyone in a dialect how many, or who, there are; `undefined`: the dialect doesn't say. */
export function openAnnouncer(
  dialect: Dialect,
  context: Context,
  onFailure: (error: unknown) => void,
): Announcer | undefined {
  if (dialect.render.population) return new PopulationAnnouncer(context, onFailure);
  return dialect.render.names ? new NamesAnnouncer(context, onFailure) : undefined;
}
