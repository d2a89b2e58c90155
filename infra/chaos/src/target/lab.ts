import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ChaosReport } from "../report.ts";
import type { ChaosOptions } from "../run/chaos.ts";
import type { Experiment } from "../run/experiment.ts";
import { FaultError } from "./target.ts";

/** The experiment that is to be run in the lab, as JSON. */
export type LabOrder = Omit<Experiment, "open">;

/** A message of the lab: a line of progress, or how the run ended. */
export type LabMessage = { readonly line: string } | { readonly report: ChaosReport } | { readonly failure: string };

/** The lab is made by a package of its own, which imports this one. */
const program = fileURLToPath(new URL("../../../hosts-test/src/chaos/main.ts", import.meta.url));

/**
 * Runs an experiment on hosts of its own: network namespaces, whose processes and cables fail.
 * @throws FaultError where they can't be made, or a fault can't be injected
 */
export async function runInLab(order: LabOrder, { progress, signal }: ChaosOptions = {}): Promise<ChaosReport> {
  if (!existsSync(program)) throw new FaultError("the lab is only in a clone of the repository");
  const child = spawn(process.execPath, ["--conditions=source", program, JSON.stringify(order)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: true, // a terminal's Ctrl-C comes once, from here
  });
  const end = () => void child.kill("SIGTERM");
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  let report: ChaosReport | undefined;
  let failure: string | undefined;
  child.on("message", (message: LabMessage) => {
    if ("line" in message) progress?.(message.line);
    else if ("report" in message) report = ChaosReport.parse(message.report);
    else failure ??= message.failure;
  });
  const [code] = await once(child, "close");
  signal?.removeEventListener("abort", end);
  if (report) return report;
  throw new FaultError(failure ?? `the lab ended by itself (${code ?? "killed"})`);
}
