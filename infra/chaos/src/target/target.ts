import { type Fault, type FaultKind, faultKinds } from "../schedule/fault.ts";

/** A fault that was injected. */
export interface Injected {
  /** A sentence about it, with the name of its victim. */
  readonly text: string;
  /** Ends it, and returns a sentence that says so. Missing where nothing is to be ended. May be called once. */
  readonly undo?: () => Promise<string>;
}

/** A cluster into which faults can be injected. */
export interface Target {
  readonly name: string;
  /** Where clients connect to, in turn. */
  readonly urls: readonly string[];
  /** For each kind the way in which it is injected; or a sentence that says why that can't be. */
  readonly faults: Readonly<Record<FaultKind, Inject | string>>;
  /** Resolves when everything is there again. */
  ready(): Promise<void>;
  /** Undoes what is left of this process's doing. */
  close(): Promise<void>;
}

export type Inject = (fault: Fault) => Promise<Injected>;

/** Thrown where a fault can't be injected; `message` says which, and why. */
export class FaultError extends Error {
  override readonly name = "FaultError";
}

/** Thrown where there is nothing at the moment that a fault could befall, such as a node that is ready: the run goes on. */
export class NoVictimError extends Error {
  override readonly name = "NoVictimError";
}

/** The kinds that a target can do. */
export function kindsOf({ faults }: Pick<Target, "faults">): FaultKind[] {
  return (Object.keys(faultKinds) as FaultKind[]).filter((kind) => typeof faults[kind] !== "string");
}

/** @throws FaultError for the first kind that the target can't do */
export function demand(target: Pick<Target, "name" | "faults">, kinds: readonly FaultKind[]): void {
  for (const kind of kinds) {
    const reason = target.faults[kind];
    if (typeof reason !== "string") continue;
    const can = kindsOf(target).join(", ");
    throw new FaultError(`${kind} can't be done to ${target.name}: ${reason}; it can do ${can}`);
  }
}

/** @throws FaultError */
export function inject(target: Target, fault: Fault): Promise<Injected> {
  const way = target.faults[fault.kind];
  if (typeof way === "string") throw new FaultError(`${fault.kind} can't be done to ${target.name}: ${way}`);
  return way(fault);
}

/** A fault that ends by a function. */
export function lasting(text: string, after: string, end: () => void | Promise<void>): Injected {
  const undo = async () => {
    await end();
    return after;
  };
  return { text, undo };
}
