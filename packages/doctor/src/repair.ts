import type { Cluster } from "@switchyard/core";
import type { Diagnosed } from "./examine.ts";

/** The outcome of a finding. */
export interface Treated {
  readonly finding: Diagnosed;
  /** The repair that was made; `undefined`: nothing that is safe puts it right. */
  readonly done: string | undefined;
  /** Why it could not be done; `undefined`: it was, or there was nothing to do. */
  readonly failure: string | undefined;
}

/** Puts right what can be put right, one by one: each remedy is what the cluster itself would do, and looks again before it acts. */
export async function repair(cluster: Cluster, findings: readonly Diagnosed[]): Promise<Treated[]> {
  const treated: Treated[] = [];
  for (const finding of findings) treated.push(await treat(cluster, finding));
  return treated;
}

async function treat(cluster: Cluster, finding: Diagnosed): Promise<Treated> {
  const { remedy } = finding;
  if (!remedy) return { finding, done: undefined, failure: undefined };
  try {
    await remedy.apply(cluster);
    return { finding, done: remedy.description, failure: undefined };
  } catch (error) {
    return { finding, done: undefined, failure: error instanceof Error ? error.message : String(error) };
  }
}
