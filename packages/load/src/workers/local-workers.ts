import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Half } from "../oracle/half.ts";
import type { WorkerPool } from "./hand-out.ts";
import type { Phase } from "./part.ts";
import type { QueueAddress } from "./queue.ts";
import type { PartProgress, Slice, SliceResult, SliceState } from "./slice.ts";

/** Messages to a child process. */
export type ToChild = { readonly slice: Slice } | { readonly phase: Phase } | { readonly takeFrom: QueueAddress };
/** Messages from it. */
export type FromChild =
  | { readonly progress: PartProgress }
  | { readonly halves: readonly Half[] }
  | { readonly result: SliceResult }
  | { readonly failure: string }
  | { readonly line: string };

/**
 * A process for a worker. It ends when this one does.
 * @param tokens address of a module whose `tokenMaker` makes the tokens of users
 */
export function startWorkerProcess(tokens?: string): ChildProcess {
  const program = `./worker-process${import.meta.url.slice(import.meta.url.lastIndexOf("."))}`;
  return fork(new URL(program, import.meta.url), tokens === undefined ? [] : [tokens], {
    stdio: ["ignore", 2, 2, "ipc"],
  });
}

/** Workers on this machine, each a child process, which need no Redis. */
export class LocalWorkers implements WorkerPool {
  readonly lookEveryMs = 100;
  readonly #children: readonly ChildProcess[];
  readonly #states: SliceState[];
  #halves: Half[] = [];
  #announced: Phase | undefined;

  /** @param tokens address of a module whose `tokenMaker` makes the tokens of users */
  constructor(slices: readonly Slice[], tokens?: string) {
    this.#states = slices.map(() => ({ kind: "waiting" }));
    this.#children = slices.map((slice, index) => {
      const child = startWorkerProcess(tokens);
      child.on("message", (message) => this.#receive(index, message as FromChild));
      child.on("error", () => {}); // its exit is what counts
      child.once("exit", (code, signal) => this.#lost(index, `its process ended (${signal ?? code})`));
      child.send({ slice } satisfies ToChild);
      return child;
    });
  }

  /** Of the child processes, in the order of their slices. */
  get pids(): readonly (number | undefined)[] {
    return this.#children.map(({ pid }) => pid);
  }

  states(): Promise<readonly SliceState[]> {
    return Promise.resolve([...this.#states]);
  }

  announce(phase: Phase): Promise<void> {
    if (phase !== this.#announced) {
      for (const child of this.#children) if (child.connected) child.send({ phase } satisfies ToChild, () => {});
    }
    this.#announced = phase;
    return Promise.resolve();
  }

  takeHalves(): Promise<readonly Half[]> {
    const halves = this.#halves;
    this.#halves = [];
    return Promise.resolve(halves);
  }

  async close(): Promise<void> {
    const running = this.#children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ended = running.map((child) => once(child, "exit"));
    for (const child of running) child.kill("SIGTERM");
    await Promise.all(ended);
  }

  #receive(index: number, message: FromChild): void {
    if ("progress" in message) this.#states[index] = { kind: "working", progress: message.progress };
    else if ("halves" in message) this.#halves.push(...message.halves);
    else if ("result" in message) this.#states[index] = { kind: "done", result: message.result };
    else if ("failure" in message) this.#lost(index, message.failure);
  }

  #lost(index: number, reason: string): void {
    const kind = this.#states[index]?.kind;
    if (kind !== "done" && kind !== "lost") this.#states[index] = { kind: "lost", reason };
  }
}
