import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Fault, victimOf } from "../schedule/fault.ts";
import { type Guard, whenGone } from "./guard.ts";
import { type Injected, NoVictimError, type Target } from "./target.ts";

const LIMIT_MS = 300_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const BEHIND_NGINX = "only nginx has its nodes' connections: take --against own";
const LOSS = "its networks lose no packets: take --against lab";
const NO_SENTINELS = "its Redis has no sentinels: take --against lab";

type ServiceName = "signaling" | "matchmaker" | "redis";
type Network = "edge" | "state";

/** The way to a deployment by Docker Compose. Both return the output, and throw where `docker` fails. */
export interface ComposeOrders {
  readonly docker: (args: readonly string[]) => Promise<string>;
  readonly compose: (args: readonly string[]) => Promise<string>;
}

const run = promisify(execFile);

/** The deployment that `docker compose` means in the working directory. */
const composeHere: ComposeOrders = {
  docker: (args) => docker(args),
  compose: (args) => docker(["compose", ...args]),
};

async function docker(args: readonly string[]): Promise<string> {
  const { stdout } = await run("docker", [...args], { timeout: LIMIT_MS, maxBuffer: MAX_OUTPUT_BYTES });
  return stdout;
}

/** A deployment by Docker Compose, whose containers are killed, paused, stopped and taken from their networks. */
export class ComposeTarget implements Target {
  readonly name = "compose";
  readonly urls: readonly string[];
  readonly faults: Target["faults"] = {
    kill: (fault) => this.#kill(fault, "signaling"),
    stop: (fault) => this.#pause(fault, "signaling", "stands still"),
    abandon: BEHIND_NGINX,
    drain: async (fault) => {
      const id = await this.#victim(fault, "signaling");
      await this.#orders.docker(["stop", id]);
      return this.#begun(`${nameOf(id)} has drained and ended`, `${nameOf(id)} is started again`, ["start", id]);
    },
    "scale-up": () => this.#scaleBy(1),
    "scale-down": () => this.#scaleBy(-1),
    "matchmaker-kill": (fault) => this.#kill(fault, "matchmaker"),
    "redis-pause": (fault) => this.#pause(fault, "redis", "(Redis) answers nothing"),
    "redis-restart": async () => {
      await this.#orders.compose(["restart", "redis"]);
      return { text: "Redis has ended, and was started again" };
    },
    failover: NO_SENTINELS,
    cut: BEHIND_NGINX,
    delay: BEHIND_NGINX,
    loss: LOSS,
    partition: (fault) => this.#disconnect(fault, "edge", "its clients"),
    "partition-redis": (fault) => this.#disconnect(fault, "state", "Redis"),
  };
  readonly #orders: ComposeOrders;

  /** @param urls where clients reach it */
  constructor(urls: readonly string[], orders: ComposeOrders = composeHere) {
    this.urls = urls;
    this.#orders = orders;
  }

  /** Containers that are there are healthy. */
  async ready(): Promise<void> {
    const count = (await this.#containers("signaling")).length;
    if (count === 0) throw new NoVictimError("`docker compose` runs no node here");
    await this.#scaleTo(count);
  }

  async close(): Promise<void> {}

  async #kill(fault: Fault, service: ServiceName): Promise<Injected> {
    const id = await this.#victim(fault, service);
    await this.#orders.docker(["kill", id]);
    // Docker starts no container again that it has killed itself
    return this.#begun(`${nameOf(id)} (${service}) is killed`, `${nameOf(id)} is started again`, ["start", id]);
  }

  async #pause(fault: Fault, service: ServiceName, what: string): Promise<Injected> {
    const id = await this.#victim(fault, service);
    await this.#orders.docker(["pause", id]);
    return this.#begun(`${nameOf(id)} ${what}`, `${nameOf(id)} goes on`, ["unpause", id]);
  }

  async #disconnect(fault: Fault, network: Network, from: string): Promise<Injected> {
    const id = await this.#victim(fault, "signaling");
    const format = "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}\n{{end}}";
    const networks = lines(await this.#orders.docker(["inspect", "--format", format, id]));
    const full = networks.find((name) => name.endsWith(`_${network}`));
    if (full === undefined) throw new NoVictimError(`${nameOf(id)} is in no network ${network}`);
    await this.#orders.docker(["network", "disconnect", full, id]);
    const again = ["network", "connect", "--alias", "signaling", full, id];
    return this.#begun(`${nameOf(id)} is cut from ${from}`, `${nameOf(id)} is reached again`, again);
  }

  /** @param undo the words of the `docker` that ends it, which is done too if this process is killed */
  #begun(text: string, after: string, undo: readonly string[]): Injected {
    const guard: Guard = whenGone('exec docker "$@"', ...undo);
    return {
      text,
      undo: async () => {
        await this.#orders.docker(undo);
        guard.disarm();
        return after;
      },
    };
  }

  async #scaleBy(more: 1 | -1): Promise<Injected> {
    const before = (await this.#containers("signaling")).length;
    if (before + more < 1) throw new NoVictimError("there is only one node");
    await this.#scaleTo(before + more);
    const undo = async () => {
      await this.#scaleTo(before);
      return `there are ${before} nodes again`;
    };
    return { text: `there are ${before + more} nodes instead of ${before}`, undo };
  }

  async #scaleTo(count: number): Promise<void> {
    const scale = ["--scale", `signaling=${count}`, "signaling"];
    await this.#orders.compose(["up", "--detach", "--wait", "--no-deps", "--no-recreate", ...scale]);
  }

  async #victim(fault: Fault, service: ServiceName): Promise<string> {
    const id = victimOf(fault, await this.#containers(service));
    if (id === undefined) throw new NoVictimError(`no container of ${service} runs`);
    return id;
  }

  /** The ids of those that run, in an order that does not depend on Docker. */
  async #containers(service: ServiceName): Promise<string[]> {
    return lines(await this.#orders.compose(["ps", "--quiet", "--status", "running", service])).sort();
  }
}

function lines(output: string): string[] {
  return output.split("\n").filter(Boolean);
}

function nameOf(id: string): string {
  return id.slice(0, 12);
}
