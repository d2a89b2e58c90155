import { FrontDoor } from "./front/door.ts";
import type { Part } from "./part.ts";
import { type Say, sayPlainly } from "./screen.ts";
import type { Service } from "./service.ts";
import { StateFile } from "./state-file.ts";
import { type Running, Supervisor } from "./supervisor.ts";

/** After the stop began, by when nodes, matchmakers and Redis must have ended, in this order: ten seconds for all. */
const NODES_END_MS = 6500;
const MATCHMAKERS_END_MS = 8000;
const REDIS_END_MS = 9300;

/** What a cluster consists of. */
export interface ClusterPlan {
  readonly front: { readonly port: number; readonly host: string };
  readonly nodes: readonly Service[];
  readonly matchmakers: readonly Service[];
  /** `part` is missing for a Redis that was given. */
  readonly redis: { readonly url: string; readonly part?: Part };
  readonly nodeTimeoutMs: number;
  readonly stateFile: string;
  readonly say: Say;
}

/**
 * Runs a cluster's parts in order: Redis, then nodes and matchmakers, then the front door; and stops them in the
 * opposite one.
 */
export class Cluster {
  readonly #plan: ClusterPlan;
  readonly #door: FrontDoor;
  readonly #stateFile: StateFile;
  readonly #nodes: readonly Supervisor[];
  readonly #matchmakers: readonly Supervisor[];
  readonly #redis: Supervisor | undefined;
  #complete = false;

  constructor(plan: ClusterPlan) {
    this.#plan = plan;
    this.#door = new FrontDoor({ nodes: plan.nodes, nodeTimeoutMs: plan.nodeTimeoutMs });
    this.#stateFile = new StateFile(plan.stateFile);
    this.#nodes = plan.nodes.map((node) => this.#supervise(node.part, node.url, () => this.#door.nodeGone(node.name)));
    this.#matchmakers = plan.matchmakers.map(({ part, url }) => this.#supervise(part, url));
    this.#redis = plan.redis.part && this.#supervise(plan.redis.part, `redis://${new URL(plan.redis.url).host}`);
  }

  get url(): string {
    return `http://localhost:${this.#plan.front.port}`;
  }

  /** @throws Error with one sentence when a part does not come up; what did is then still to be stopped */
  async start(): Promise<void> {
    const { say, front } = this.#plan;
    await this.#redis?.start();
    await Promise.all([...this.#nodes, ...this.#matchmakers].map((part) => part.start()));
    await this.#door.listen(front.port, front.host);
    this.#complete = true;
    this.#writeState();
    say("front", `ready on ${front.host}:${front.port}`);
    sayPlainly(`ready ${this.url}`);
  }

  /** Ends everything within ten seconds, Redis last. */
  async stop(): Promise<void> {
    const begun = performance.now();
    const stopAll = (parts: readonly Supervisor[], withinMs: number) =>
      Promise.all(parts.map((part) => part.stop(begun + withinMs)));
    this.#complete = false;
    this.#door.stopAccepting();
    await stopAll(this.#nodes, NODES_END_MS);
    await stopAll(this.#matchmakers, MATCHMAKERS_END_MS);
    this.#door.close();
    await this.#redis?.stop(begun + REDIS_END_MS);
    this.#stateFile.remove();
  }

  /** Ends everything now. Redis gets SIGTERM, on which it completes its append-only file. */
  kill(): void {
    for (const part of [...this.#nodes, ...this.#matchmakers]) part.kill("SIGKILL");
    this.#redis?.kill("SIGTERM");
    this.#stateFile.remove();
  }

  #supervise(part: Part, url: string, onEnd = () => {}): Supervisor {
    const { say } = this.#plan;
    return new Supervisor(part, {
      ready: ({ id, pid }) => {
        this.#writeState();
        say(part.name, `ready ${url} (${id === part.name ? "" : `${id}, `}process ${pid})`);
      },
      ended: (unexpectedly) => {
        onEnd();
        this.#writeState();
        if (unexpectedly !== undefined) say(part.name, `died: ${unexpectedly}`);
      },
      line: (text) => say(part.name, text),
    });
  }

  /** Only once all parts were up, and until they are stopped: half a cluster is none. */
  #writeState(): void {
    if (!this.#complete) return;
    const { nodes, redis } = this.#plan;
    const urls = new Map(this.#nodes.map((part, index) => [part, nodes[index]?.url ?? ""]));
    this.#stateFile.write({
      front: { url: this.url },
      nodes: [...urls].flatMap(([{ running }, url]) => (running ? [{ id: running.id, url, pid: running.pid }] : [])),
      matchmakers: this.#matchmakers.map((part) => part.running).filter(isRunning),
      redis: { url: redis.url, pid: this.#redis?.running?.pid ?? null },
    });
  }
}

function isRunning(running: Running | undefined): running is Running {
  return running !== undefined;
}
