import type { Trace } from "@switchyard/store";
import type { Cluster, Context } from "./context.ts";

/** A context on behalf of one event: whatever is told, posted or asked for through it carries that trace. */
export function tracedBy(trace: Trace, context: Context): Context {
  return { ...context, trace, wire: context.wire.tracedBy(trace) };
}

/** The same for what is done to a session whatever it speaks. */
export function clusterTracedBy(trace: Trace, cluster: Cluster): Cluster {
  const contexts = new Map([...cluster.contexts].map(([name, context]) => [name, tracedBy(trace, context)] as const));
  return { ...cluster, contexts };
}
