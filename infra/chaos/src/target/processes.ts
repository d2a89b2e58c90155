import { setTimeout as wait } from "node:timers/promises";
import type { Running } from "@switchyard/local/supervisor";
import { Redis } from "ioredis";
import { type Fault, type FaultKind, victimOf } from "../schedule/fault.ts";
import { Forwarder } from "./forwarder.ts";
import { continueWhenGone } from "./guard.ts";
import { FaultError, type Inject, type Injected, lasting, NoVictimError, type Target } from "./target.ts";

const DELAY_MS = 250;
/** Share of the time that a node stands still after which its clients give it up. */
const ABANDONED_AFTER = 4;
/** By then a node has read its sockets that stood still. */
const READ_WITHIN_MS = 500;
const READY_POLL_MS = 100;
const READY_WITHIN_MS = 60_000;
const LOSS = "a connection of the loopback address loses no packets: take --against lab";
const NO_SENTINELS = "its Redis has no sentinels: take --against lab";

/** The processes of a cluster on this machine, those of them that are ready. */
export interface Processes {
  readonly nodes: readonly Running[];
  readonly matchmakers: readonly Running[];
  /** `pid` is missing while it is down, and for a Redis that is not the cluster's own. */
  readonly redis: { readonly url: string; readonly pid: number | undefined };
}

/** The number of processes when all is well. */
interface Whole {
  readonly nodes: number;
  readonly matchmakers: number;
}

type Way = Inject | string;
/** The faults that not every cluster of processes knows. */
export type Further = Readonly<Record<"scale-up" | "scale-down" | "partition-redis", Way>>;

/**
 * A cluster of processes on this machine that are started again when they die. Clients reach its nodes by a forwarder in
 * this process, which breaks, holds and delays their connections.
 */
export class ProcessTarget implements Target {
  readonly name: string;
  readonly urls: readonly string[];
  readonly faults: Target["faults"];
  readonly #processes: () => Processes;
  readonly #whole: Whole;
  readonly #forwarder: Forwarder;

  private constructor(name: string, url: string, forwarder: Forwarder, processes: () => Processes, further: Further) {
    this.name = name;
    this.urls = [url];
    this.#forwarder = forwarder;
    this.#processes = processes;
    const { nodes, matchmakers } = processes();
    this.#whole = { nodes: nodes.length, matchmakers: matchmakers.length };
    this.faults = { ...this.#ways(), ...further };
  }

  /** @param processes those that are ready at the moment; all of them when this is called */
  static async open(name: string, processes: () => Processes, further: Further): Promise<ProcessTarget> {
    const forwarder = new Forwarder(() =>
      processes().nodes.map((node) => ({ name: node.id, port: Number(new URL(node.url).port) })),
    );
    const url = `http://127.0.0.1:${await forwarder.listen()}`;
    return new ProcessTarget(name, url, forwarder, processes, further);
  }

  async ready(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    const isWhole = () => {
      const { nodes, matchmakers } = this.#processes();
      return nodes.length >= this.#whole.nodes && matchmakers.length >= this.#whole.matchmakers;
    };
    while (!isWhole()) {
      if (performance.now() > deadline) throw new FaultError(`${this.name} is not whole after ${READY_WITHIN_MS} ms`);
      await wait(READY_POLL_MS);
    }
  }

  async close(): Promise<void> {
    this.#forwarder.close();
  }

  #ways(): Readonly<Record<Exclude<FaultKind, keyof Further>, Way>> {
    return {
      kill: async (fault) => signal(this.#node(fault), "SIGKILL", "is killed"),
      stop: async (fault) => this.#stop(this.#node(fault)),
      abandon: async (fault) => this.#abandon(this.#node(fault), fault.lastsMs),
      drain: async (fault) => signal(this.#node(fault), "SIGTERM", "drains and ends"),
      "matchmaker-kill": async (fault) =>
        signal(chosen(fault, this.#processes().matchmakers, "matchmaker"), "SIGKILL", "is killed"),
      "redis-pause": (fault) => pauseRedis(this.#processes().redis.url, fault.lastsMs),
      "redis-restart": async () => this.#restartRedis(),
      cut: async (fault) => {
        const { id } = this.#node(fault);
        return { text: `${this.#forwarder.cut(id)} connections to ${id} break` };
      },
      delay: async (fault) => {
        const { id } = this.#node(fault);
        const end = this.#forwarder.delay(id, DELAY_MS);
        return lasting(`everything to and from ${id} is ${DELAY_MS} ms late`, `${id} is in time again`, end);
      },
      partition: async (fault) => {
        const { id } = this.#node(fault);
        const heal = this.#forwarder.hold(id);
        return lasting(`${id} is cut from its clients`, `${id} is reached again`, heal);
      },
      loss: LOSS,
      failover: NO_SENTINELS,
    };
  }

  #node(fault: Fault): Running {
    return chosen(fault, this.#processes().nodes, "node");
  }

  #stop(node: Running): Injected {
    const guard = continueWhenGone(node.pid);
    const end = this.#forwarder.avoid(node.id);
    process.kill(node.pid, "SIGSTOP");
    return lasting(`${node.id} stands still`, `${node.id} goes on`, () => {
      end();
      guard.disarm();
      resume(node.pid);
    });
  }

  /** Clients are back at another node before this one goes on, if it lasts for two seconds at least. */
  async #abandon(node: Running, lastsMs: number): Promise<Injected> {
    const { text, undo } = this.#stop(node);
    await wait(lastsMs / ABANDONED_AFTER);
    const end = this.#forwarder.abandon(node.id);
    return lasting(
      `${text}, and is abandoned by its clients`,
      `${node.id} goes on with what they had sent`,
      async () => {
        await undo?.();
        await wait(READ_WITHIN_MS);
        end();
      },
    );
  }

  #restartRedis(): Injected {
    const { pid } = this.#processes().redis;
    if (pid === undefined) throw new NoVictimError("Redis is down, or none of this cluster's own");
    process.kill(pid, "SIGTERM");
    return { text: "Redis ends, and is started again" };
  }
}

/** @throws NoVictimError where there is nothing of that kind at the moment */
function chosen(fault: Fault, all: readonly Running[], what: string): Running {
  const victim = victimOf(fault, all);
  if (!victim) throw new NoVictimError(`no ${what} is ready`);
  return victim;
}

function signal({ id, pid }: Running, name: NodeJS.Signals, what: string): Injected {
  process.kill(pid, name);
  return { text: `${id} ${what}` };
}

/** It may have ended meanwhile: by a time-out of its own, or with the whole cluster. */
function resume(pid: number): void {
  try {
    process.kill(pid, "SIGCONT");
  } catch {}
}

/** Ends by itself, also when this process is gone. */
async function pauseRedis(url: string, lastsMs: number): Promise<Injected> {
  const order = async (...words: string[]) => {
    const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1 });
    redis.on("error", () => {}); // its commands say so
    try {
      await redis.connect();
      await redis.client(...(words as ["PAUSE", number]));
    } finally {
      redis.disconnect();
    }
  };
  await order("PAUSE", String(lastsMs), "ALL");
  return lasting("Redis answers nothing", "Redis answers again", () => order("UNPAUSE"));
}
