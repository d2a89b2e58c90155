import type { Context } from "@switchyard/core";
import { DialectWire, dialects } from "@switchyard/dialects";
import type { Store } from "@switchyard/store";

/** What the use cases of the dialect that pairs strangers work with, as a node has it. */
export function contextOf(store: Store): Context {
  const dialect = dialects.find(({ name }) => name === "random");
  if (!dialect) throw new Error("there is no dialect that pairs strangers");
  const { name, queues } = dialect;
  return { dialect: name, queues, rooms: undefined, online: undefined, store, wire: new DialectWire(store, dialect) };
}
