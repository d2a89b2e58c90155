import type { KubernetesObject, Labels } from "@switchyard/helm/objects";
import type { PodNetwork } from "../network/pod-network.ts";
import { type Endpoint, ServiceProxy } from "../network/service-proxy.ts";
import type { Pod } from "../pods/pod.ts";

interface ServiceSpec {
  readonly clusterIP?: string;
  readonly publishNotReadyAddresses?: boolean;
  readonly sessionAffinity?: string;
  readonly selector: Labels;
  readonly ports: readonly { readonly port: number; readonly targetPort: string | number }[];
}

interface Served {
  readonly spec: ServiceSpec;
  /** Missing for a headless one. */
  readonly address: string | undefined;
  readonly proxies: readonly ServiceProxy[];
}

/** The Services: whose pods are behind each, by labels and readiness, and what their names mean. */
export class Services {
  readonly #network: PodNetwork;
  readonly #pods: () => readonly Pod[];
  readonly #services = new Map<string, Served>();

  constructor(network: PodNetwork, pods: () => readonly Pod[]) {
    this.#network = network;
    this.#pods = pods;
  }

  async apply({ metadata: { name }, spec }: KubernetesObject): Promise<void> {
    const wanted = spec as unknown as ServiceSpec;
    const known = this.#services.get(name);
    if (known) return void this.#services.set(name, { ...known, spec: wanted });
    const address = wanted.clusterIP === "None" ? undefined : await this.#network.addService();
    const proxies: ServiceProxy[] = [];
    for (const { port, targetPort } of address === undefined ? [] : wanted.ports) {
      const isSticky = wanted.sessionAffinity === "ClientIP";
      const proxy = new ServiceProxy(() => this.#endpoints(name, targetPort), isSticky);
      await proxy.listen(port, address ?? "");
      proxies.push(proxy);
    }
    this.#services.set(name, { spec: wanted, address, proxies });
  }

  /** `http://address:port` of a Service. */
  urlOf(name: string): string {
    const { address, spec } = this.#find(name);
    return `http://${address}:${spec.ports[0]?.port}`;
  }

  /** The addresses of a Service by its short name, as its name server has them. */
  addressesOf(name: string): readonly string[] | undefined {
    const service = this.#services.get(name);
    if (!service) return undefined;
    return service.address === undefined ? this.podsOf(name).map(({ options }) => options.address) : [service.address];
  }

  /** The pods behind it at the moment. */
  podsOf(name: string): readonly Pod[] {
    const { selector, publishNotReadyAddresses = false } = this.#find(name).spec;
    const isServed = ({ isReady, isTerminating, isGone }: Pod) =>
      publishNotReadyAddresses ? !isGone : isReady && !isTerminating;
    return this.#pods().filter((pod) => matches(selector, pod.options.labels) && isServed(pod));
  }

  close(): void {
    for (const { proxies } of this.#services.values()) for (const proxy of proxies) proxy.close();
  }

  #find(name: string): Served {
    const service = this.#services.get(name);
    if (!service) throw new Error(`there is no Service ${name}`);
    return service;
  }

  #endpoints(name: string, port: string | number): Endpoint[] {
    return this.podsOf(name).map((pod) => ({ address: pod.options.address, port: pod.portOf(port) }));
  }
}

export function matches(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
