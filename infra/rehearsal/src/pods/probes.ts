import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Container, Probe } from "@switchyard/helm/objects";
import type { RunningContainer } from "./container.ts";

/** Kubernetes' own defaults; times in seconds. */
const defaults = { initialDelaySeconds: 0, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 };

/** Where a probe asks. */
export interface Probed {
  readonly address: string;
  readonly container: RunningContainer;
  /** When its container was started, which delays count from. */
  readonly startedAt: number;
  portOf(port: string | number): number;
}

/** Receives what the probes of a container find. */
export interface Health {
  readiness(isReady: boolean): void;
  /** Its startup or liveness probe has failed too often. */
  failed(why: string): void;
}

/** Carries out the probes of a container until it is aborted: that of its start first, then the others. */
export function watchHealth(
  { startupProbe, readinessProbe, livenessProbe }: Container,
  probed: Probed,
  signal: AbortSignal,
  health: Health,
): void {
  const begin = () => {
    if (!readinessProbe) health.readiness(true);
    else
      void repeatProbe(readinessProbe, probed, signal, (isGood, failures) => {
        if (isGood || isOver(readinessProbe, failures)) health.readiness(isGood);
      });
    if (livenessProbe)
      void repeatProbe(livenessProbe, probed, signal, (_, failures) => {
        if (isOver(livenessProbe, failures)) health.failed("its liveness probe failed");
      });
  };
  if (!startupProbe) return begin();
  const starting = new AbortController();
  void repeatProbe(startupProbe, probed, AbortSignal.any([signal, starting.signal]), (isGood, failures) => {
    if (!isGood && !isOver(startupProbe, failures)) return;
    starting.abort();
    if (isGood) begin();
    else health.failed("its startup probe failed");
  });
}

/** Asks again and again until it is aborted, and calls back with each answer and the number of failures in a row. */
async function repeatProbe(
  probe: Probe,
  probed: Probed,
  signal: AbortSignal,
  answered: (isGood: boolean, failures: number) => void,
): Promise<void> {
  const { initialDelaySeconds, periodSeconds, timeoutSeconds } = { ...defaults, ...probe };
  let failures = 0;
  const begins = probed.startedAt + initialDelaySeconds * 1000;
  await wait(Math.max(0, begins - performance.now()), undefined, { signal }).catch(() => {});
  while (!signal.aborted) {
    const isGood = await ask(probe, probed, timeoutSeconds * 1000);
    if (signal.aborted) return;
    failures = isGood ? 0 : failures + 1;
    answered(isGood, failures);
    await wait(periodSeconds * 1000, undefined, { signal }).catch(() => {});
  }
}

/** Whether so many failures in a row are too many. */
function isOver({ failureThreshold = defaults.failureThreshold }: Probe, failures: number): boolean {
  return failures >= failureThreshold;
}

function ask({ httpGet, tcpSocket, exec }: Probe, probed: Probed, timeoutMs: number): Promise<boolean> {
  const { address, container } = probed;
  if (exec) return container.exec(exec.command, timeoutMs);
  if (tcpSocket) return accepts(address, probed.portOf(tcpSocket.port), timeoutMs);
  const { path = "/", port = 80, scheme = "HTTP" } = httpGet ?? {};
  const url = `${scheme.toLowerCase()}://${address}:${probed.portOf(port)}${path}`;
  const headers = { "user-agent": "kube-probe/1.35", connection: "close" };
  return fetch(url, { signal: AbortSignal.timeout(timeoutMs), headers }).then(
    ({ status }) => status >= 200 && status < 400,
    () => false,
  );
}

/** Whether somebody accepts a connection in time. */
function accepts(address: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (isGood: boolean) => {
      socket.destroy();
      resolve(isGood);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}
