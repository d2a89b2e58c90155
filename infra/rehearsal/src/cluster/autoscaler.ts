import { setTimeout as wait } from "node:timers/promises";
import type { Pod } from "../pods/pod.ts";
import type { Cluster } from "./cluster.ts";

interface Scaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly scaleTargetRef: { readonly name: string };
  readonly metrics: readonly { pods: { metric: { name: string }; target: { averageValue: string } } }[];
  readonly behavior: {
    readonly scaleDown: {
      readonly stabilizationWindowSeconds: number;
      readonly policies: readonly { readonly value: number; readonly periodSeconds: number }[];
    };
  };
}

const SYNC_MS = 1000;
/** A target is met as long as it is missed by less than this share. */
const TOLERANCE = 0.1;

/** A change that the autoscaler made. */
export interface Scaled {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Does what a HorizontalPodAutoscaler says with fewer pods than there are, by the metrics that the pods themselves
 * offer, until there are as few as it may leave.
 */
export async function scaleDown(cluster: Cluster, signal: AbortSignal): Promise<Scaled[]> {
  const [object] = cluster.find<{ spec: Scaling }>("HorizontalPodAutoscaler");
  if (!object) throw new Error("there is no autoscaler");
  const { spec } = object;
  const workload = cluster.workload(spec.scaleTargetRef.name);
  const { stabilizationWindowSeconds, policies } = spec.behavior.scaleDown;
  const wanted: { at: number; replicas: number }[] = [];
  const done: Scaled[] = [];
  const begun = performance.now();
  while (!signal.aborted && workload.replicas > spec.minReplicas) {
    const now = performance.now();
    wanted.push({ at: now, replicas: await desired(spec, workload.living) });
    const recent = wanted.filter(({ at }) => at >= now - stabilizationWindowSeconds * 1000);
    const stable = Math.max(...recent.map(({ replicas }) => replicas));
    const allowed = Math.max(
      ...policies.map(({ value, periodSeconds }) => {
        const gone = done
          .filter(({ at }) => at > now - periodSeconds * 1000)
          .reduce((sum, { from, to }) => sum + from - to, 0);
        return Math.max(0, value - gone);
      }),
    );
    const to = Math.max(spec.minReplicas, stable, workload.replicas - allowed);
    const hasLooked = now - begun >= stabilizationWindowSeconds * 1000;
    if (hasLooked && to < workload.replicas) {
      done.push({ at: now, from: workload.replicas, to });
      workload.replicas = to;
    }
    await wait(SYNC_MS);
  }
  return done;
}

/** How many pods the metrics ask for: as many as the one that asks for the most. */
async function desired({ metrics }: Scaling, pods: readonly Pod[]): Promise<number> {
  const texts = await Promise.all(pods.map(({ options }) => metricsOf(options.address, pods[0]?.portOf("http") ?? 0)));
  const asked = metrics.map(({ pods: { metric, target } }) => {
    const values = texts.map((text) => valueIn(text, metric.name));
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    const ratio = average / quantity(target.averageValue);
    return Math.abs(ratio - 1) <= TOLERANCE ? pods.length : Math.ceil(ratio * pods.length);
  });
  return Math.max(1, ...asked);
}

async function metricsOf(address: string, port: number): Promise<string> {
  const answer = await fetch(`http://${address}:${port}/metrics`, { signal: AbortSignal.timeout(5000) });
  return answer.text();
}

/** The largest value of a metric, whatever its labels. */
function valueIn(text: string, name: string): number {
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"))].map(([, value]) =>
    Number(value),
  );
  if (values.length === 0) throw new Error(`no pod has the metric ${name}`);
  return Math.max(...values);
}

/** Kubernetes' way to write a number. */
function quantity(text: string): number {
  return text.endsWith("m") ? Number(text.slice(0, -1)) / 1000 : Number(text);
}
