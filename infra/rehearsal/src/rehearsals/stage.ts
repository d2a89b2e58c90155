import { Release } from "@switchyard/helm/release";
import type { Run } from "@switchyard/hosts-test/run";
import type { Verdict } from "@switchyard/testkit";
import { Cluster } from "../cluster/cluster.ts";

/** The run, and how many clients it has. */
export interface Setting {
  readonly run: Run;
  readonly clients: number;
}

/** Receives the output of a rehearsal while it runs. */
export interface Observer {
  note(line: string): void;
  check(verdict: Verdict): void;
  skip(what: string, reason: string): void;
}

/** The chart, installed in a cluster of processes. */
export interface Stage {
  readonly setting: Setting;
  readonly observer: Observer;
  readonly release: Release;
  readonly cluster: Cluster;
}

/** The names that the chart gives its parts, for the release `calls`. */
export const names = {
  front: "calls-switchyard-front",
  signaling: "calls-switchyard-signaling",
  matchmaker: "calls-switchyard-matchmaker",
  redis: "calls-switchyard-redis",
} as const;

/**
 * Installs the chart, and resolves when all of it is ready.
 * @param values as for helm's `--set`; none: the defaults
 * @param replicas of nodes, where an autoscaler decides on them
 */
export async function onStage(
  setting: Setting,
  observer: Observer,
  { values = [], replicas }: { readonly values?: readonly string[]; readonly replicas?: number | undefined },
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const release = await Release.open();
  const cluster = new Cluster({ run: setting.run, note: observer.note });
  try {
    await cluster.start();
    await cluster.apply(await release.upgrade(...values), replicas);
    await cluster.settled();
    observer.note("every pod is ready");
    await play({ setting, observer, release, cluster });
  } finally {
    await cluster.close();
    await release.close();
  }
}
