import type { Store } from "@switchyard/store";

export type DialectName = Parameters<Store["presence"]["count"]>[0];
export const dialectNames = ["match", "random", "calls", "rooms", "chat"] as const satisfies readonly DialectName[];

/** A way on which stock clients of a dialect connect. */
export interface Way {
  readonly way: string;
  readonly namespace: string;
  readonly transports: string[];
}

const transports = [
  { by: "over a WebSocket", transports: ["websocket"] },
  { by: "by polling, then upgraded", transports: ["polling", "websocket"] },
];

/** All ways to a dialect: at its own namespace and at the root, each as Node programs and as browsers connect by default. */
export function waysTo(dialect: DialectName): Way[] {
  return [`/${dialect}`, "/"].flatMap((namespace) =>
    transports.map(({ by, transports }) => ({ way: `at ${namespace}, ${by}`, namespace, transports })),
  );
}
