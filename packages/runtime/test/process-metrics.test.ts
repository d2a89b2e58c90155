import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { addProcessMetrics } from "../src/identity.js";

/** Functions of Node.js without documentation that can end the process. */
const UNSAFE = ["_getActiveHandles", "_getActiveRequests"] as const;
type Unsafe = Record<(typeof UNSAFE)[number], () => unknown[]>;

test("a scrape does not list the process's handles: Node.js may end the process for that", async () => {
  const host = process as unknown as Unsafe;
  const genuine = UNSAFE.map((name) => [name, host[name]] as const);
  const called: string[] = [];
  for (const [name, list] of genuine) {
    host[name] = () => {
      called.push(name);
      return list.call(process);
    };
  }
  try {
    const registry = new Registry();
    addProcessMetrics(registry, { service: "signaling", node: "a", version: "1.0.0" });
    const text = await registry.metrics();
    expect(called).toEqual([]);
    expect(text).toContain("nodejs_active_resources_total");
    expect(text).toContain("nodejs_eventloop_lag_seconds");
  } finally {
    for (const [name, list] of genuine) host[name] = list;
  }
});
