import { type LabMessage, type LabOrder, runExperiment } from "@switchyard/chaos";
import { stopWithParent } from "@switchyard/runtime";
import { Lab } from "../../lab.ts";
import type { Run } from "../../run.ts";
import { LabTarget } from "../lab-target.ts";

/** Runs on a host of clients. Its arguments: the run, and the order, as JSON. */
const [run, order] = process.argv.slice(2).map((text) => JSON.parse(text)) as [Run, LabOrder];
const send = (message: LabMessage) => new Promise((resolve) => process.send?.(message, resolve));

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interruption.abort());
stopWithParent();
try {
  const lab = new Lab(run);
  await lab.start("sentinel", "local");
  const target = new LabTarget(lab);
  const experiment = { ...order, open: async () => target };
  const options = { progress: (line: string) => void send({ line }), signal: interruption.signal };
  await send({ report: await runExperiment(experiment, options) });
} catch (error) {
  await send({ failure: error instanceof Error ? error.message : String(error) });
}
process.exit(0); // the lab's processes would keep this one; they end with the hosts
