import { setTimeout as wait } from "node:timers/promises";
import type { NodeId } from "@switchyard/protocol";
import type { Command } from "../command.ts";
import { OperatorError } from "../exit-code.ts";
import type { Operator } from "../operator.ts";

const LOOK_EVERY_MS = 200;
const SAY_EVERY_MS = 2000;

export const drain: Command = {
  name: "drain",
  changes: () => true,
  operands: ["<node>"],
  summary: "A node lets its clients go on at others and stops, as on SIGTERM; waits until nothing of it is left.",
  more:
    "Its clients receive `server-shutdown` and reconnect to other nodes without losing anything. Ends with 1 " +
    "where there is no such node, it does not listen, or it is still there after the time. For a node that " +
    "is dead already it waits until that node's sessions are cleared up. A process manager may start it again, " +
    "as a new node.",
  examples: [
    { call: "sy drain node-1", description: "before its machine is restarted" },
    { call: "sy drain node-1 --timeout 300000", description: "with five minutes' time" },
  ],
  options: { timeout: { value: "ms", description: "wait so long at most (default 60000)" } },
  run: async ({ operands: [node = ""], flags, open, report }) => {
    const operator = await open();
    const { store, inspection } = operator;
    const timeoutMs = flags.number("timeout", 60_000);
    const lease = await inspection.nodes.leaseOf(node);
    if (lease === undefined) throw new OperatorError(`there is no node ${node}`);
    const received = await store.nodes.order(node, { drain: true });
    if (!received && lease > store.clock.now()) throw new OperatorError(`node ${node} does not listen`);
    if (!received) report(`node ${node} is dead already; waiting for the sweep`);
    const from = performance.now();
    await gone(operator, node, timeoutMs, report);
    const tookMs = Math.round(performance.now() - from);
    return { document: { node, drained: true, wasDead: !received, tookMs }, text: `node ${node} is gone` };
  },
};

async function gone({ inspection }: Operator, node: NodeId, timeoutMs: number, report: (line: string) => void) {
  const from = performance.now();
  let said = from;
  while ((await inspection.nodes.leaseOf(node)) !== undefined) {
    const now = performance.now();
    const { held, detached } = await inspection.nodes.load(node);
    const left = `${held} sessions connected, ${detached} within their grace`;
    if (now - from > timeoutMs) throw new OperatorError(`node ${node} is still there after ${timeoutMs} ms: ${left}`);
    if (now - said > SAY_EVERY_MS) report(`node ${node}: ${left}`);
    if (now - said > SAY_EVERY_MS) said = now;
    await wait(LOOK_EVERY_MS);
  }
}
