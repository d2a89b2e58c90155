import { type Fault, FaultError, type Inject, type Injected, lasting, type Target, victimOf } from "@switchyard/chaos";
import { until } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { MASTER } from "../arrangement/sentinel.ts";
import type { Host } from "../hosts/host.ts";
import { frontUrls, type Lab } from "../lab.ts";
import { laySlowCables, type Slowness } from "../network/cable/slow.ts";

const SENTINEL_PORT = 26_379;
const LATE: Slowness = { delayMs: 100, loss: 0 };
const LOSSY: Slowness = { delayMs: 0, loss: 0.05 };
const FIXED = "the lab has three hosts for nodes: take --against own";
const PROXIED = "only the proxies have a node's connections: take --against own";
const FAILS_OVER = "its sentinels would make a replica the master: take failover, or --against own";

/** The cluster on hosts of its own: power, processes and cables fail. It is used on a host of clients. */
export class LabTarget implements Target {
  readonly name = "lab";
  readonly urls = frontUrls;
  readonly faults: Target["faults"];
  readonly #lab: Lab;

  constructor(lab: Lab) {
    this.#lab = lab;
    const ofNode = (inject: (host: Host) => Promise<Injected>): Inject => {
      return (fault) => inject(this.#host(fault, "signaling"));
    };
    this.faults = {
      kill: ofNode((host) => this.#powerOff(host)),
      stop: ofNode(async (host) => {
        await host.freeze();
        return lasting(`${host.name} stands still`, `${host.name} goes on`, () => host.thaw());
      }),
      abandon: PROXIED,
      drain: ofNode(async (host) => {
        await host.end();
        return this.#startedAgain(host, `${host.name} has drained and ended`);
      }),
      "scale-up": FIXED,
      "scale-down": FIXED,
      "matchmaker-kill": (fault) => this.#powerOff(this.#host(fault, "matchmaker")),
      "redis-pause": FAILS_OVER,
      "redis-restart": FAILS_OVER,
      failover: () => this.#failOver(),
      cut: PROXIED,
      delay: ofNode((host) => this.#slow(host, LATE, `each packet of ${host.name} is ${LATE.delayMs} ms late`)),
      loss: ofNode((host) => this.#slow(host, LOSSY, `${LOSSY.loss * 100} % of the packets of ${host.name} are lost`)),
      partition: ofNode(async (host) => {
        const heal = await lab.faults.cut([host.address], lab.addresses("proxy", "clients"));
        return lasting(`${host.name} is cut from proxies and clients`, `${host.name} is reached again`, heal);
      }),
      "partition-redis": ofNode(async (host) => {
        const heal = await lab.faults.cut([host.address], lab.addresses("redis"));
        return lasting(`${host.name} is cut from Redis`, `${host.name} reaches Redis again`, heal);
      }),
    };
  }

  async ready(): Promise<void> {
    const isReady = async (address: string) => {
      const { status } = await fetch(`http://${address}:3000/readyz`, { signal: AbortSignal.timeout(2000) });
      return status === 200;
    };
    await until("all nodes to be ready", async () => {
      return (await Promise.all(this.#lab.addresses("signaling").map(isReady))).every(Boolean);
    });
  }

  async close(): Promise<void> {}

  async #powerOff(host: Host): Promise<Injected> {
    const heal = await this.#lab.faults.isolate(host.address); // first: nobody hears that its processes end
    await host.kill();
    return this.#startedAgain(host, `${host.name} loses its power`, heal);
  }

  #startedAgain(host: Host, text: string, heal: () => Promise<void> = async () => {}): Injected {
    return lasting(text, `${host.name} is started again`, async () => {
      await heal();
      await this.#lab.startService(host);
    });
  }

  async #slow({ place, name }: Host, slowness: Slowness, text: string): Promise<Injected> {
    const cables = await laySlowCables(this.#lab.run, [place], slowness);
    return lasting(text, `the cable of ${name} is as it was`, () => cables.remove());
  }

  /** Right after a fail-over there is no replica to take over, and the sentinels say so. */
  async #failOver(): Promise<Injected> {
    const [address = ""] = this.#lab.addresses("redis");
    const sentinel = new Redis(SENTINEL_PORT, address, { maxRetriesPerRequest: 1 });
    sentinel.on("error", () => {}); // the command says so
    try {
      await sentinel.call("SENTINEL", "FAILOVER", MASTER);
      return { text: "the sentinels make a replica of Redis the master" };
    } finally {
      sentinel.disconnect();
    }
  }

  #host(fault: Fault, role: "signaling" | "matchmaker"): Host {
    const host = victimOf(fault, this.#lab.hosts(role));
    if (!host) throw new FaultError(`there is no host for ${role}`);
    return host;
  }
}
