import {
  type Announcer,
  CoalescedTurns,
  type Context,
  type DeliveryObserver,
  type Feature,
  Outbox,
  type Packet,
} from "@switchyard/core";
import type { CoreEvent, DialectName } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";
import { type Dialect, renderText } from "./dialect.ts";
import type { DialectLimits } from "./dialect-limits.ts";

/**
 * Everything that the use cases of every dialect work with in one process.
 * @param observerOf receives a dialect's deliveries
 */
export function openContexts(
  dialects: readonly Dialect[],
  store: Store,
  limits: DialectLimits,
  observerOf: (dialect: Dialect) => DeliveryObserver = () => () => {},
): Map<DialectName, Context> {
  return new Map(
    dialects.map((dialect) => {
      const { reportsPerDay: perDay, reportsKept: kept, reportRetentionMs: retentionMs, reportAfterMs } = limits;
      const reportRules = { perDay, kept, retentionMs, afterMs: reportAfterMs };
      const rules = { roomRules: dialect.rooms?.(limits), onlineRules: dialect.online?.(limits), reportRules };
      return [dialect.name, openContext(dialect, store, rules, observerOf(dialect))] as const;
    }),
  );
}

/** Everything that the use cases of one dialect work with. */
export function openContext(
  dialect: Dialect,
  store: Store,
  rules: Pick<Context, "roomRules" | "onlineRules" | "reportRules">,
  observe?: DeliveryObserver,
): Context {
  return {
    dialect: dialect.name,
    features: dialect.features,
    eventNames: new Set([...Object.keys(dialect.clientEvents), ...Object.keys(dialect.serverEvents)]),
    queues: dialect.queues,
    store,
    outbox: new Outbox(store, observe),
    rosterTurns: new CoalescedTurns(),
    render: rendererOf(dialect, store),
    ...rules,
  };
}

/** How core has a dialect put its events. With a packet goes how far its sender's node knows the dialect's feed, if it has one. */
function rendererOf(dialect: Dialect, { feeds }: Store): Context["render"] {
  const placed = (trace: Packet["trace"]) => trace && { ...trace, feed: feeds.position(dialect.name) };
  return (event: CoreEvent, trace?: Packet["trace"]): Packet => {
    const text = renderText(dialect, event);
    // the type of `render` demands words for each event that may not be silent
    const packet = text !== undefined && { type: event.type, text, trace: dialect.online ? placed(trace) : trace };
    return (packet || undefined) as Packet;
  };
}

/** The announcer of the number or names of those present, to everyone in a dialect; `undefined`: the dialect has none. */
export function openAnnouncer(context: Context, onFailure: (error: unknown) => void): Announcer | undefined {
  return displayOf(context)?.announcer(context, onFailure);
}

/** The list that everyone who follows a dialect's feed receives; `undefined`: none. */
export function listOf({ features }: Context): Feature["list"] {
  return features.find(({ list }) => list)?.list;
}

/** The state that everyone in a dialect sees; `undefined`: none. */
export function displayOf({ features }: Context): Feature["display"] {
  return features.find(({ display }) => display)?.display;
}
