import type { CoreEvent } from "@switchyard/protocol";
import type { Dialect, WireEvent } from "./dialect.ts";

/** A core event as a dialect says it, as JSON array text; `undefined` where the dialect is silent. */
export function packetOf(dialect: Dialect, event: CoreEvent): string | undefined {
  const render = dialect.render[event.type] as null | ((event: CoreEvent) => WireEvent);
  return render === null ? undefined : JSON.stringify(render(event));
}
