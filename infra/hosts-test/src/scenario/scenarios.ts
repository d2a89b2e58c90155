import type { Host } from "../hosts/host.ts";
import type { Lab, RedisKind } from "../lab.ts";
import type { HostName } from "../network/address-plan.ts";
import { laySlowCables } from "../network/cable/slow.ts";

/** Ends a fault. */
type Heal = () => Promise<void>;

/** A fault, and what it may cost. */
export interface Scenario {
  readonly name: string;
  readonly what: string;
  readonly redis: RedisKind;
  /** @returns what ends it; a fault that never ends returns nothing */
  readonly inject: (lab: Lab) => Promise<Heal | undefined>;
  /** Redis fails over: what it may lose is counted apart, and nodes need their time. */
  readonly failsOver?: boolean;
  /** Cables have to be made slow. */
  readonly isSlow?: boolean;
  /** Clients know all proxies, and not only one. */
  readonly sharesProxies?: boolean;
}

const SLOWNESS = { delayMs: 100, loss: 0.03 };
const FAULTY = "signaling1";

/** A fault of the first signaling host. */
function ofNode(name: string, what: string, inject: (lab: Lab, host: Host) => Promise<Heal | undefined>): Scenario {
  return { name, what, redis: "sentinel", inject: (lab) => inject(lab, lab.host(FAULTY)) };
}

function powerOff(name: string, what: string, host: HostName, more: Partial<Scenario> = {}): Scenario {
  return { name, what, redis: "sentinel", inject: (lab) => switchOff(lab, host), ...more };
}

/** Its packets are dropped first: nobody hears that its processes end. */
async function switchOff(lab: Lab, name: HostName): Promise<undefined> {
  const host = lab.host(name);
  await lab.faults.isolate(host.address);
  await host.kill();
}

export const scenarios: readonly Scenario[] = [
  powerOff("power-off", "a signaling host loses its power", FAULTY),
  ofNode("frozen", "a signaling host stands still, and goes on", async (_, host) => {
    await host.freeze();
    return () => host.thaw();
  }),
  ofNode("cut-from-clients", "a signaling host is cut from proxies and clients", (lab, { address }) =>
    lab.faults.cut([address], lab.addresses("proxy", "clients")),
  ),
  ofNode("cut-from-redis", "a signaling host is cut from Redis", (lab, { address }) =>
    lab.faults.cut([address], lab.addresses("redis")),
  ),
  ofNode("cut-outbound", "a signaling host receives, and nothing that it sends arrives", (lab, { address }) =>
    lab.faults.drop([address]),
  ),
  ofNode("cut-inbound", "a signaling host sends, and nothing arrives there", (lab, { address }) =>
    lab.faults.drop(["all"], [address]),
  ),
  {
    name: "slow",
    what: `each packet takes ${SLOWNESS.delayMs} ms longer, and ${SLOWNESS.loss * 100} % are lost`,
    redis: "sentinel",
    isSlow: true,
    inject: async (lab) => {
      const places = lab.hosts("proxy", "signaling", "matchmaker", "redis", "clients").map(({ place }) => place);
      return (await laySlowCables(lab.run, places, SLOWNESS)).remove;
    },
  },
  powerOff("proxy-off", "the host of one of two proxies loses its power", "proxy1", { sharesProxies: true }),
  powerOff("matchmaker-off", "the host of one of two matchmakers loses its power", "matchmaker1"),
  powerOff("sentinel-failover", "the host of Redis's master loses its power: Sentinel", "redis1", { failsOver: true }),
  powerOff("cluster-failover", "the host of a master of the Redis Cluster loses its power", "redis1", {
    redis: "cluster",
    failsOver: true,
  }),
];
