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
export function waysTo(dialect: string): Way[] {
  return [`/${dialect}`, "/"].flatMap((namespace) =>
    transports.map(({ by, transports }) => ({ way: `at ${namespace}, ${by}`, namespace, transports })),
  );
}
