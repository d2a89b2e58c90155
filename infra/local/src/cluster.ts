import { ReverseProxy } from "@switchyard/proxy";
import { frontUrl } from "./ports.ts";
import type { JsonFile, State } from "./run-directory.ts";
import { type Print, printPlainly } from "./screen.ts";
import type { NodeService } from "./service.ts";
import { type Part, Supervisor } from "./supervisor.ts";

/** After the stop began, by when nodes, matchmakers and Redis must have ended, in this order: ten seconds for all. */
const NODES_END_MS = 6500;
const MATCHMAKERS_END_MS = 8000;
const REDIS_END_MS = 9300;

/** The parts of a cluster. */
export interface ClusterPlan {
  readonly front: { readonly port: number; readonly host: string };
  readonly nodes: readonly NodeService[];
  readonly matchmakers: readonly Part[];
  /** `part` is missing for a Redis that was given. */
  readonly redis: Pick<State["redis"], "url" | "users"> & { readonly part?: Part };
  readonly nodeTimeoutMs: number;
  readonly state: JsonFile<State>;
  readonly print: Print;
}

/**
 * Runs a cluster's parts in order: Redis, then nodes and matchmakers, then the reverse proxy; and stops them in the
 * opposite one.
 */
export class Cluster {
  readonly #plan: ClusterPlan;
  readonly #proxy: ReverseProxy;
  readonly #nodes: readonly Supervisor[];
  readonly #matchmakers: readonly Supervisor[];
  readonly #redis: Supervisor | undefined;
  #told = false;

  constructor(plan: ClusterPlan) {
    this.#plan = plan;
    const { nodes, nodeTimeoutMs, print } = plan;
    const addresses = nodes.map(({ address }) => address);
    this.#proxy = new ReverseProxy({ nodes: addresses, nodeTimeoutMs, log: (text) => print("front", text) });
    this.#nodes = nodes.map(({ part }) => this.#supervise(part, () => this.#proxy.nodeGone(part.name)));
    this.#matchmakers = plan.matchmakers.map((part) => this.#supervise(part));
    this.#redis = plan.redis.part && this.#supervise(plan.redis.part);
  }

  get url(): string {
    const { port, host } = this.#plan.front;
    return frontUrl(port, host);
  }

  /** @throws Error with one sentence when a part does not come up; what did is then still to be stopped */
  async start(): Promise<void> {
    const { print, front } = this.#plan;
    await this.#redis?.start();
    await Promise.all([...this.#nodes, ...this.#matchmakers].map((part) => part.start()));
    await this.#proxy.listen(front.port, front.host);
    this.#told = true;
    this.#writeState();
    print("front", `ready on ${front.host}:${front.port}`);
    printPlainly(`ready ${this.url}`);
  }

  /** Ends everything within ten seconds, Redis last. */
  async stop(): Promise<void> {
    const begun = performance.now();
    const stopAll = (parts: readonly Supervisor[], withinMs: number) =>
      Promise.all(parts.map((part) => part.stop(begun + withinMs)));
    this.#proxy.stopAccepting();
    await stopAll(this.#nodes, NODES_END_MS);
    await stopAll(this.#matchmakers, MATCHMAKERS_END_MS);
    this.#proxy.close();
    await this.#redis?.stop(begun + REDIS_END_MS);
    this.#removeState();
  }

  /** Ends everything now. Redis gets SIGTERM, on which it completes its append-only file. */
  kill(): void {
    for (const part of [...this.#nodes, ...this.#matchmakers]) part.kill("SIGKILL");
    this.#redis?.kill("SIGTERM");
    this.#removeState();
  }

  #supervise(part: Part, onEnd = () => {}): Supervisor {
    const { print } = this.#plan;
    return new Supervisor(part, {
      ready: ({ id, url, pid }) => {
        this.#writeState();
        print(part.name, `ready ${url} (${id === part.name ? "" : `${id}, `}process ${pid})`);
      },
      ended: (unexpectedly) => {
        onEnd();
        this.#writeState();
        if (unexpectedly !== undefined) print(part.name, `died: ${unexpectedly}`);
      },
      line: (text) => print(part.name, text),
    });
  }

  /** From when all parts were up, since half a cluster is none, and until they are stopped: then those that are left. */
  #writeState(): void {
    if (!this.#told) return;
    const { state, redis } = this.#plan;
    const running = (parts: readonly Supervisor[]) => parts.flatMap((part) => part.running ?? []);
    this.#goOnWithout(() =>
      state.write({
        front: { url: this.url },
        nodes: running(this.#nodes),
        matchmakers: running(this.#matchmakers),
        redis: { url: redis.url, users: redis.users, pid: this.#redis?.running?.pid ?? null },
      }),
    );
  }

  #removeState(): void {
    this.#told = false;
    this.#goOnWithout(() => this.#plan.state.remove());
  }

  /** A disk that is full must not end the cluster, nor keep a stop from its end. */
  #goOnWithout(change: () => void): void {
    try {
      change();
    } catch (error) {
      this.#plan.print("launcher", `${this.#plan.state.path} is not up to date: ${(error as Error).message}`);
    }
  }
}
