import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Container, KubernetesObject, Labels, PodSpec } from "@switchyard/helm/objects";
import { RunningContainer } from "./container.ts";
import { imageOf } from "./image.ts";
import { watchHealth } from "./probes.ts";
import { prepareVolumes } from "./volumes.ts";

const FIRST_BACK_OFF_MS = 10_000;
/** As the controller of nodes has it by default. */
const MISSED_AFTER_MS = 40_000;
const LONGEST_BACK_OFF_MS = 300_000;

export interface PodOptions {
  readonly name: string;
  readonly labels: Labels;
  readonly spec: PodSpec;
  /** Changes with the template: pods of two versions differ in it. */
  readonly version: string;
  readonly machine: { readonly name: string; readonly zone: string };
  readonly namespace: string;
  readonly address: string;
  /** The run's. */
  readonly directory: string;
  readonly files: Readonly<Record<string, string>>;
  readonly find: (kind: string, name: string) => KubernetesObject | undefined;
  readonly note: (line: string) => void;
}

/** A pod, and what its kubelet does: it starts its container, probes it, starts it again, and ends it with a grace. */
export class Pod {
  readonly options: PodOptions;
  readonly createdAt = performance.now();
  /** Since when it has been ready without a break. */
  readySince: number | undefined;
  isTerminating = false;
  isGone = false;
  /** Its machine has lost its power. */
  isLost = false;
  restarts = 0;
  #container: RunningContainer | undefined;
  #probing = new AbortController();

  constructor(options: PodOptions) {
    this.options = options;
  }

  get name(): string {
    return this.options.name;
  }

  get isReady(): boolean {
    return this.readySince !== undefined;
  }

  /** Seconds in which it has been ready. */
  get readyForMs(): number {
    return this.readySince === undefined ? 0 : performance.now() - this.readySince;
  }

  portOf(port: string | number): number {
    if (typeof port === "number") return port;
    const named = this.#spec.ports?.find(({ name }) => name === port);
    if (!named) throw new Error(`${this.name} has no port ${port}`);
    return named.containerPort;
  }

  /** Starts it, and starts it again whenever it ends by itself. */
  run(): void {
    void this.#keepRunning().catch((error: unknown) => this.options.note(`${this.name}: ${String(error)}`));
  }

  /** Asks it to end, as a deletion does; resolves when it has, or was killed at the end of its grace. */
  async delete(): Promise<"ended" | "killed"> {
    this.isTerminating = true;
    const outcome = this.#container ? await this.#end(this.#container) : "ended";
    await this.kill();
    return outcome;
  }

  /** Ends everything in it at once. */
  async kill(): Promise<void> {
    this.isTerminating = true;
    this.#probing.abort();
    this.readySince = undefined;
    this.#container?.signal("SIGKILL");
    await this.#container?.ended;
    this.isGone = true;
  }

  /** Ends everything in it, as the end of its machine does: it is taken for ready until the cluster has missed the machine. */
  lose(): void {
    this.isLost = true;
    this.#probing.abort();
    this.#container?.signal("SIGKILL");
    const missed = setTimeout(() => {
      this.readySince = undefined;
    }, MISSED_AFTER_MS);
    missed.unref();
  }

  /** Sends a signal to the first process of its container. */
  signal(name: NodeJS.Signals): void {
    this.#container?.signal(name);
  }

  get #spec(): Container {
    const [container] = this.options.spec.containers;
    if (!container) throw new Error(`${this.name} has no container`);
    return container;
  }

  async #end(container: RunningContainer): Promise<"ended" | "killed"> {
    const graceMs = this.options.spec.terminationGracePeriodSeconds * 1000;
    const preStopMs = (this.#spec.lifecycle?.preStop?.sleep?.seconds ?? 0) * 1000;
    const { stopSignal } = await imageOf(this.#spec.image);
    const over = new AbortController();
    const ends = (async () => {
      await wait(Math.min(preStopMs, graceMs));
      container.signal(stopSignal);
      await container.ended;
      return "ended" as const;
    })();
    const grace = wait(graceMs, "killed" as const, { signal: over.signal });
    grace.catch(() => {}); // it was not needed
    const outcome = await Promise.race([ends, grace]);
    over.abort();
    container.signal("SIGKILL");
    return outcome;
  }

  async #keepRunning(): Promise<void> {
    for (
      let backOff = 0;
      !this.isTerminating;
      backOff = Math.min(backOff * 2 || FIRST_BACK_OFF_MS, LONGEST_BACK_OFF_MS)
    ) {
      await wait(backOff);
      if (this.isTerminating) return;
      const container = await this.#start();
      this.#container = container;
      if (this.isTerminating) return container.signal("SIGKILL");
      this.#probing = new AbortController();
      this.#probe(container, this.#probing.signal);
      const how = await container.ended;
      if (this.isLost) return;
      this.#probing.abort();
      this.readySince = undefined;
      if (this.isTerminating) return;
      this.restarts += 1;
      this.options.note(`${this.name} ended by itself (${how}), and is started again`);
    }
  }

  async #start(): Promise<RunningContainer> {
    const { name, namespace, directory, spec, files, find } = this.options;
    const image = await imageOf(this.#spec.image);
    const own = join(directory, "pods", name);
    const volumes = await prepareVolumes(spec, {
      directory: own,
      claims: join(directory, "claims"),
      pod: name,
      find,
    });
    const environment = Object.fromEntries((this.#spec.env ?? []).map(({ name, value = "" }) => [name, value]));
    return RunningContainer.start({
      directory: join(own, String(this.restarts)),
      image,
      container: this.#spec,
      volumes,
      environment: { HOSTNAME: name, ...image.environment, ...environment },
      files: { ...files, "/etc/hostname": `${name}\n` },
      namespace,
      name,
      user: Number(spec.securityContext["runAsUser"] ?? 0),
      log: join(directory, `${name}.log`),
    });
  }

  #probe(container: RunningContainer, signal: AbortSignal): void {
    const portOf = (port: string | number) => this.portOf(port);
    const probed = { address: this.options.address, container, startedAt: performance.now(), portOf };
    watchHealth(this.#spec, probed, signal, {
      readiness: (isReady) => {
        if (isReady) this.readySince ??= performance.now();
        else this.readySince = undefined;
      },
      failed: (why) => {
        this.#probing.abort();
        this.options.note(`${this.name} is to start again: ${why}`);
        void this.#end(container);
      },
    });
  }
}
