import type { Run } from "@switchyard/hosts-test/run";
import { stopWithParent } from "@switchyard/runtime";
import type { Verdict } from "@switchyard/testkit";
import { rehearsals } from "../rehearsals/rehearsals.ts";

/** The argument of this process, as JSON. It runs where the router is, from which every pod is reached. */
export interface Order {
  readonly run: Run;
  readonly name: string;
  readonly clients: number;
}

/** A message to the process that started this one. */
export type Message =
  | { readonly line: string }
  | { readonly verdict: Verdict }
  | { readonly skip: string; readonly reason: string };

const { name, ...order } = JSON.parse(process.argv[2] ?? "{}") as Order;
const send = (message: Message) => void process.send?.(message);
const begun = performance.now();

stopWithParent();
const rehearse = rehearsals[name];
if (!rehearse) throw new Error(`there is no rehearsal ${name}`);
try {
  await rehearse(order, {
    note: (text) => send({ line: `${((performance.now() - begun) / 1000).toFixed(1).padStart(7)} s  ${text}` }),
    check: (verdict) => send({ verdict }),
    skip: (skip, reason) => send({ skip, reason }),
  });
} catch (error) {
  send({
    verdict: {
      claim: name,
      holds: false,
      figures: error instanceof Error ? (error.stack ?? error.message) : String(error),
    },
  });
}
process.exit(0);
