import type { ChildProcess } from "node:child_process";
import { until } from "@switchyard/testkit";
import type { Place } from "../network/address-plan.ts";
import { processesIn, signal } from "../network/namespaces.ts";
import { directoryOf, nameOf, type Run } from "../run.ts";
import { startIn, startNodeIn } from "./process.ts";

/** A machine of the lab: a namespace, and the processes in it. */
export class Host {
  readonly place: Place;
  readonly #run: Run;

  constructor(run: Run, place: Place) {
    this.#run = run;
    this.place = place;
  }

  get name(): string {
    return this.place.name;
  }

  get address(): string {
    return this.place.address;
  }

  start(name: string, program: string, args: readonly string[]): ChildProcess {
    return startIn(this.#options(name), program, args);
  }

  startNode(
    name: string,
    script: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): ChildProcess {
    return startNodeIn({ ...this.#options(name), environment }, script, args);
  }

  /** Nothing in it runs until it is thawed. */
  freeze(): Promise<void> {
    return this.#signalAll("SIGSTOP");
  }

  thaw(): Promise<void> {
    return this.#signalAll("SIGCONT");
  }

  /** Asks everything in it to end, and resolves when it has. */
  async end(): Promise<void> {
    await this.#signalAll("SIGTERM");
    await until("a host's processes to end", async () => (await processesIn(this.#namespace)).length === 0);
  }

  /** Ends everything in it at once. */
  kill(): Promise<void> {
    return this.#signalAll("SIGKILL");
  }

  get #namespace(): string {
    return nameOf(this.#run, this.place.name);
  }

  #options(name: string) {
    return {
      namespace: this.#namespace,
      name: `${this.name}-${name}`,
      directory: directoryOf(this.#run),
    };
  }

  async #signalAll(name: NodeJS.Signals): Promise<void> {
    for (const pid of await processesIn(this.#namespace)) signal(pid, name);
  }
}
