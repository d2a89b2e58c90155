import type { SessionId } from "@switchyard/protocol";

/** What operators ask of a node. */
export type NodeOrder =
  /** Lets every session go on at other nodes, and stops. */
  | { readonly drain: true }
  /** Ends a session that it holds for good, and disconnects its client. */
  | { readonly kick: SessionId };

export function writeNodeOrder(order: NodeOrder): string {
  return JSON.stringify(order);
}

/** Reads a message of a node's control channel; `undefined` for an order that is not known. */
export function readNodeOrder(text: string): NodeOrder | undefined {
  const order: unknown = JSON.parse(text);
  if (typeof order !== "object" || order === null) return undefined;
  if ("drain" in order && order.drain === true) return { drain: true };
  if ("kick" in order && typeof order.kick === "string") return { kick: order.kick };
  return undefined;
}
