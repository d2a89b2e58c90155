import { ip, run, runIn } from "@switchyard/hosts-test/command";
import { Faults } from "@switchyard/hosts-test/faults";
import { removeNamespace } from "@switchyard/hosts-test/namespaces";
import { nameOf, type Run } from "@switchyard/hosts-test/run";

const ROUTER = "router";
const SERVICE_NETWORK = "10.96.0";
/** Of the cluster's name server; those of Services follow. */
export const NAME_SERVER = `${SERVICE_NETWORK}.10`;
const FIRST_SERVICE = 20;
const PREFIX_LENGTH = 24;
const MOST = 250;

/** A pod's own network, as seen by others. */
export interface Attachment {
  readonly namespace: string;
  readonly address: string;
}

/** The name of the namespace in which the router, the kubelets and the proxies of Services are. */
export function routerOf(of: Run): string {
  return nameOf(of, ROUTER);
}

export async function createRouter(of: Run): Promise<void> {
  const router = routerOf(of);
  await run("ip", ["netns", "add", router]);
  await ip(router, "link set lo up", `addr add ${NAME_SERVER}/32 dev lo`);
  await runIn(router, "sysctl", ["-qw", "net.ipv4.ip_forward=1"]);
}

/** A namespace for each pod, with an address of its own and one way out, to the router; nothing leads out of that. */
export class PodNetwork {
  readonly faults: Faults;
  readonly #run: Run;
  readonly #router: string;
  #count = 0;
  #services = 0;

  constructor(of: Run) {
    this.#run = of;
    this.#router = routerOf(of);
    this.faults = new Faults(this.#router);
  }

  /** @param more how many addresses it has besides the one that is returned */
  async attach(more = 0): Promise<Attachment & { readonly others: readonly string[] }> {
    this.#count += 1;
    if (this.#count > MOST) throw new RangeError("there are no more networks");
    const [number, port] = [this.#count, `pod${this.#count}`];
    const namespace = nameOf(this.#run, port);
    const [network, router] = [`10.79.${number}`, this.#router];
    await run("ip", ["netns", "add", namespace]);
    await run("ip", ["link", "add", "eth0", "netns", namespace, "type", "veth", "peer", "name", port, "netns", router]);
    await ip(router, `addr add ${network}.1/${PREFIX_LENGTH} dev ${port}`, `link set ${port} up`);
    const [address = "", ...others] = Array.from({ length: more + 1 }, (_, index) => `${network}.${index + 2}`);
    const own = [address, ...others].map((one) => `addr add ${one}/${PREFIX_LENGTH} dev eth0`);
    await ip(namespace, "link set lo up", ...own, "link set eth0 up", `route add default via ${network}.1`);
    return { namespace, address, others };
  }

  detach({ namespace }: Attachment): Promise<void> {
    return removeNamespace(namespace);
  }

  /** An address for a Service, at which a proxy in the router may listen. */
  async addService(): Promise<string> {
    const address = `${SERVICE_NETWORK}.${FIRST_SERVICE + this.#services++}`;
    await ip(this.#router, `addr add ${address}/32 dev lo`);
    return address;
  }
}
