import { stopWithParent } from "@switchyard/runtime";
import type { Verdict } from "@switchyard/testkit";
import type { FrontKind } from "../lab.ts";
import type { Run } from "../run.ts";
import { runScenario } from "./run-scenario.ts";
import { scenarios } from "./scenarios.ts";

/** The argument of this process, as JSON. */
export interface Order {
  readonly run: Run;
  readonly name: string;
  readonly clients: number;
  readonly faultMs: number;
  readonly front: FrontKind;
}

/** A message to the process that started this one. */
export type Message = { readonly step: string } | { readonly line: string } | { readonly verdict: Verdict };

const { name, ...order } = JSON.parse(process.argv[2] ?? "{}") as Order;
const scenario = scenarios.find((one) => one.name === name);
if (!scenario) throw new Error(`there is no scenario ${name}`);
const send = (message: Message) => void process.send?.(message);

stopWithParent();
await runScenario(
  { ...order, scenario },
  {
    step: (step) => send({ step }),
    print: (line) => send({ line }),
    check: (verdict) => send({ verdict }),
  },
);
process.exit(0);
