import { join } from "node:path";
import type { KubernetesObject } from "@switchyard/helm/objects";
import { directoryOf, type Run } from "@switchyard/hosts-test/run";
import { until } from "@switchyard/testkit";
import { NameServer } from "../network/name-server.ts";
import { NAME_SERVER, PodNetwork } from "../network/pod-network.ts";
import { Pod } from "../pods/pod.ts";
import { chooseMachine, type Machine, makeMachines } from "./machines.ts";
import { matches, Services } from "./services.ts";
import { type PodOrder, Workload } from "./workload.ts";

const DOMAIN = "svc.cluster.local";
/** As kubeadm sets CoreDNS up. */
const CACHED_MS = 30_000;
const SETTLED_WITHIN_MS = 240_000;

export interface ClusterOptions {
  readonly run: Run;
  readonly note: (line: string) => void;
}

/** A Kubernetes of processes: it takes the objects that helm renders, and does what they say. */
export class Cluster {
  readonly network: PodNetwork;
  readonly services: Services;
  readonly machines: readonly Machine[] = makeMachines();
  readonly #options: ClusterOptions;
  readonly #names: NameServer;
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #workloads = new Map<string, Workload>();

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.network = new PodNetwork(options.run);
    this.services = new Services(this.network, () => this.pods());
    this.#names = new NameServer((name) => this.#lookUp(name), CACHED_MS);
  }

  start(): Promise<void> {
    return this.#names.listen(NAME_SERVER);
  }

  /**
   * As an installation or an upgrade does.
   * @param replicas of Deployments that an autoscaler decides on
   * @returns the names of the workloads whose pods it replaces
   */
  async apply(objects: readonly KubernetesObject[], replicas?: number): Promise<string[]> {
    for (const object of objects) this.#objects.set(keyOf(object.kind, object.metadata.name), object);
    for (const service of objects.filter(({ kind }) => kind === "Service")) await this.services.apply(service);
    const replaced: string[] = [];
    for (const object of objects.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet")) {
      const known = this.#workloads.get(object.metadata.name);
      if (known?.update(object)) replaced.push(known.name);
      if (known) continue;
      const keeper = { create: (order: PodOrder) => this.#create(order), remove: (pod: Pod) => this.remove(pod) };
      this.#workloads.set(object.metadata.name, new Workload(object, keeper, replicas));
    }
    return replaced;
  }

  find<Kind>(kind: string): (KubernetesObject & Kind)[] {
    return [...this.#objects.values()].filter((object) => object.kind === kind) as (KubernetesObject & Kind)[];
  }

  workload(name: string): Workload {
    const workload = this.#workloads.get(name);
    if (!workload) throw new Error(`there is no ${name}`);
    return workload;
  }

  pods(): Pod[] {
    return [...this.#workloads.values()].flatMap(({ pods }) => pods);
  }

  /** Resolves when every workload has all its pods, available and of the last template. */
  async settled(): Promise<void> {
    const all = [...this.#workloads.values()];
    await until("every workload to have its pods", () => all.every(({ isSettled }) => isSettled), SETTLED_WITHIN_MS);
  }

  /** As `kubectl delete pod` does. */
  async remove(pod: Pod): Promise<void> {
    if (pod.isTerminating) return;
    const begun = performance.now();
    const outcome = await pod.delete();
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    this.#options.note(
      `${pod.name} was deleted, and has ${outcome === "ended" ? "ended" : "been killed"} after ${seconds} s`,
    );
    await this.network.detach({ namespace: pod.options.namespace, address: pod.options.address });
  }

  /** Asks for a pod to go elsewhere. @returns whether its budget allows that */
  evict(pod: Pod): boolean {
    type Budget = { spec: { maxUnavailable: number; selector: { matchLabels: Record<string, string> } } };
    const budgets = this.find<Budget>("PodDisruptionBudget");
    const budget = budgets.find(({ spec }) => matches(spec.selector.matchLabels, pod.options.labels));
    if (pod.isTerminating) return true;
    if (budget && pod.isReady) {
      const { maxUnavailable, selector } = budget.spec;
      const governed = [...this.#workloads.values()].filter(({ labels }) => matches(selector.matchLabels, labels));
      const wanted = governed.reduce((sum, { replicas }) => sum + replicas, 0);
      const healthy = governed.flatMap(({ living }) => living).filter(({ isReady }) => isReady).length;
      if (healthy - 1 < wanted - maxUnavailable) return false;
    }
    void this.remove(pod);
    return true;
  }

  /** Ends everything at once. */
  async close(): Promise<void> {
    for (const workload of this.#workloads.values()) workload.stop();
    await Promise.all(this.pods().map((pod) => pod.kill()));
    this.services.close();
    this.#names.close();
  }

  async #create({ name, labels, spec, version }: PodOrder): Promise<Pod> {
    const alike = this.pods().filter(({ options }) => options.version === version);
    const machine = chooseMachine(this.machines, alike);
    const { namespace, address } = await this.network.attach();
    const { run, note } = this.#options;
    const find = (kind: string, of: string) => this.#objects.get(keyOf(kind, of));
    const pod = new Pod({
      ...{ name, labels, spec, version, machine, namespace, address, find, note },
      directory: directoryOf(run),
      files: filesOf(name, address),
    });
    pod.run();
    return pod;
  }

  #lookUp(name: string): readonly string[] | undefined {
    const [service = "", namespace, ...domain] = name.split(".");
    if (namespace !== "switchyard" || domain.join(".") !== DOMAIN) return undefined;
    return this.services.addressesOf(service);
  }
}

function keyOf(kind: string, name: string): string {
  return join(kind, name);
}

/** The files that a kubelet writes into every container. */
function filesOf(name: string, address: string): Record<string, string> {
  const domains = ["switchyard.svc.cluster.local", DOMAIN, "cluster.local"].join(" ");
  return {
    "/etc/resolv.conf": `nameserver ${NAME_SERVER}\nsearch ${domains}\noptions ndots:5\n`,
    "/etc/hosts": `127.0.0.1 localhost\n${address} ${name}\n`,
  };
}
