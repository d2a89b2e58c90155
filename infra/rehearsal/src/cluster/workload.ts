import { createHash, randomBytes } from "node:crypto";
import type { KubernetesObject, Labels, PodSpec } from "@switchyard/helm/objects";
import type { Pod } from "../pods/pod.ts";

/** How a pod is made that a workload asks for. */
export interface PodOrder {
  readonly name: string;
  readonly labels: Labels;
  readonly spec: PodSpec;
  readonly version: string;
}

/** The one who makes and removes the pods of workloads. */
export interface PodKeeper {
  create(order: PodOrder): Promise<Pod>;
  remove(pod: Pod): Promise<void>;
}

interface WorkloadSpec {
  readonly replicas?: number;
  readonly minReadySeconds?: number;
  readonly strategy?: { readonly rollingUpdate?: { readonly maxSurge?: number; readonly maxUnavailable?: number } };
}

const TICK_MS = 100;

/** A Deployment or a StatefulSet of one, and what its controller does. */
export class Workload {
  readonly name: string;
  readonly #keeper: PodKeeper;
  readonly #timer: NodeJS.Timeout;
  #object: KubernetesObject;
  #version: string;
  #isBusy = false;
  replicas: number;
  pods: Pod[] = [];

  constructor(object: KubernetesObject, keeper: PodKeeper, replicas?: number) {
    this.name = object.metadata.name;
    this.#keeper = keeper;
    this.#object = object;
    this.#version = versionOf(object);
    this.replicas = this.#spec.replicas ?? replicas ?? 1;
    this.#timer = setInterval(() => void this.#reconcile(), TICK_MS);
  }

  /** @returns whether its template is another one: all pods are then replaced */
  update(object: KubernetesObject): boolean {
    const before = this.#version;
    this.#object = object;
    this.#version = versionOf(object);
    if (this.#spec.replicas !== undefined) this.replicas = this.#spec.replicas;
    return this.#version !== before;
  }

  get labels(): Labels {
    return this.#object.spec?.template?.metadata.labels ?? {};
  }

  /** Those that are not about to end. */
  get living(): readonly Pod[] {
    return this.pods.filter(({ isTerminating }) => !isTerminating);
  }

  /** Whether all pods are of the last template, and available, and nothing else is left. */
  get isSettled(): boolean {
    const { living, replicas } = this;
    return this.pods.length === replicas && living.length === replicas && living.every((pod) => this.#isFresh(pod));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  get #spec(): WorkloadSpec {
    return (this.#object.spec ?? {}) as WorkloadSpec;
  }

  get #isSet(): boolean {
    return this.#object.kind === "StatefulSet";
  }

  #isFresh(pod: Pod): boolean {
    return pod.options.version === this.#version && this.#isAvailable(pod);
  }

  #isAvailable({ isReady, readyForMs }: Pod): boolean {
    return isReady && readyForMs >= (this.#spec.minReadySeconds ?? 0) * 1000;
  }

  async #reconcile(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.pods = this.pods.filter(({ isGone }) => !isGone);
    try {
      await this.#step();
    } finally {
      this.#isBusy = false;
    }
  }

  async #step(): Promise<void> {
    const { living, replicas } = this;
    const { maxSurge = 1, maxUnavailable = 0 } = this.#spec.strategy?.rollingUpdate ?? {};
    const current = living.filter(({ options }) => options.version === this.#version);
    const old = living.filter(({ options }) => options.version !== this.#version);
    const most = this.#isSet ? replicas : replicas + (old.length > 0 ? maxSurge : 0);
    const isRoom = this.#isSet ? this.pods.length < most : living.length < most;
    if (current.length < replicas && isRoom) return this.#create();
    const [idle] = old.filter(({ isReady }) => !isReady);
    const available = living.filter((pod) => this.#isAvailable(pod)).length;
    const least = this.#isSet ? 0 : replicas - maxUnavailable;
    const [next] = idle ? [idle] : available > least ? old : [];
    if (next) return void this.#keeper.remove(next);
    if (old.length === 0 && current.length > replicas) void this.#keeper.remove(leastNeeded(current));
  }

  async #create(): Promise<void> {
    const { metadata, spec } = this.#object.spec?.template ?? {};
    if (!metadata || !spec) throw new Error(`${this.name} has no template`);
    const name = this.#isSet ? `${this.name}-0` : `${this.name}-${randomBytes(3).toString("hex")}`;
    this.pods.push(await this.#keeper.create({ name, labels: metadata.labels, spec, version: this.#version }));
  }
}

/** Of those that are to be fewer, the one that is ready for the shortest time. */
function leastNeeded(pods: readonly Pod[]): Pod {
  const [least] = pods.toSorted((one, other) => one.readyForMs - other.readyForMs);
  if (!least) throw new Error("there is no pod");
  return least;
}

function versionOf({ spec }: KubernetesObject): string {
  return createHash("sha256").update(JSON.stringify(spec?.template)).digest("hex").slice(0, 10);
}
