import { inject } from "vitest";

declare module "vitest" {
  export interface ProvidedContext {
    /** The ways to a dialect that these tests take: all, or one of the two halves. */
    ways: "all" | "direct" | "crossed";
  }
}

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
export function allWaysTo(dialect: string): Way[] {
  return [`/${dialect}`, "/"].flatMap((namespace) =>
    transports.map(({ by, transports }) => ({ way: `at ${namespace}, ${by}`, namespace, transports })),
  );
}

/**
 * The ways that this run of the tests takes. `npm test` takes half of them, in which both namespaces and both transports are: over a
 * WebSocket at the dialect's own namespace, and by polling at the root. The `crossed` tests take the others (`vitest.config.ts`).
 */
export function waysTo(dialect: string): Way[] {
  const wanted = inject("ways");
  const isDirect = ({ namespace, transports }: Way) => (namespace === "/") === transports.length > 1;
  return allWaysTo(dialect).filter((way) => wanted === "all" || isDirect(way) === (wanted === "direct"));
}
