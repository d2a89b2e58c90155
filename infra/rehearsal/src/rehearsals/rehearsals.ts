import { availableParallelism, loadavg } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { judgeCall, reasonAgainstBrowsers } from "../clients/call.ts";
import { judgeReports, LoadCrowd } from "../clients/crowd.ts";
import { ServiceProxy } from "../network/service-proxy.ts";
import { type Disturbance, disturbances, limitless } from "./disturbances.ts";
import { names, type Observer, onStage, type Setting, type Stage } from "./stage.ts";

const CALLED_WITHIN_S = 300;
/** After a disturbance: for late arrivals to show. */
const QUIET_MS = 8000;

/** Something that is done to the chart on a stage, and judged. */
type Rehearse = (setting: Setting, observer: Observer) => Promise<void>;

/** From `helm template` with default values to a call between two browsers, as the chart's notes say. */
async function call(setting: Setting, observer: Observer): Promise<void> {
  const reason = reasonAgainstBrowsers();
  if (reason !== undefined) return observer.skip("a call between two browsers", reason);
  const begun = performance.now();
  await onStage(setting, observer, {}, async (stage) => {
    const forward = forwardTo(stage, names.front);
    try {
      const port = await forward.listen(0, "127.0.0.1");
      for (const verdict of await judgeCall(`http://localhost:${port}`)) observer.check(verdict);
    } finally {
      forward.close();
    }
    const seconds = (performance.now() - begun) / 1000;
    observer.check({
      claim: `from the chart to the call it takes less than ${CALLED_WITHIN_S} s`,
      holds: seconds < CALLED_WITHIN_S,
      figures: `${seconds.toFixed(0)} s`,
    });
  });
}

/** As `kubectl port-forward svc/…` does: to one of the Service's pods. */
function forwardTo({ cluster }: Stage, service: string): ServiceProxy {
  const [pod] = cluster.services.podsOf(service);
  if (!pod) throw new Error(`${service} has no pod that is ready`);
  return new ServiceProxy(() => [{ address: pod.options.address, port: pod.portOf("http") }], false);
}

/** Clients talk while something is done to the chart's pods. */
function disturb({ what, values = [], replicas, bounds, happen }: Disturbance): Rehearse {
  return (setting, observer) => {
    const installed = { values: [...limitless, ...values], replicas };
    return onStage(setting, observer, installed, async (stage) => {
      const { cluster } = stage;
      const crowd = await LoadCrowd.begin(cluster.network, cluster.services.urlOf(names.front), setting.clients);
      observer.note(`${setting.clients} clients talk; ${what}`);
      const verdicts = await happen(stage);
      observer.note("done");
      await wait(QUIET_MS);
      const busy = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
      observer.note(
        `this machine has ${busy.toFixed(1)} times as much to do as it has cores for, so times may be that much longer`,
      );
      const awayMs = bounds.awayMs * busy;
      for (const verdict of [...verdicts, ...judgeReports(await crowd.end(), { ...bounds, awayMs })])
        observer.check(verdict);
    });
  };
}

export const rehearsals: Readonly<Record<string, Rehearse>> = {
  call,
  ...Object.fromEntries(disturbances.map((disturbance) => [disturbance.name, disturb(disturbance)])),
};
export const rehearsalNames: readonly string[] = Object.keys(rehearsals);
