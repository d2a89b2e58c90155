import { type ExitCode, UsageError } from "./exit-code.ts";
import type { Operator } from "./operator.ts";

/** The answer of a command. */
export interface Report {
  /** For `--json`: one document, whose fields stay what they are. */
  readonly document: object;
  /** For people. */
  readonly text: string;
  /** Default: fine. */
  readonly code?: ExitCode;
}

/** An option of a command; with `value` it takes one, and that is what it is called. */
export interface Option {
  readonly value?: string;
  readonly description: string;
}

/** The options of every command; `master` only of those that read Redis. */
export const commonOptions: Readonly<Record<string, Option>> = {
  json: { description: "answer with one JSON document" },
  master: { value: "name", description: "which master, where REDIS_URL names sentinels that watch several" },
  help: { description: "say how it is called" },
};

/** The arguments and means of one call. */
export interface Call {
  readonly operands: readonly string[];
  readonly flags: Flags;
  readonly json: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Connects to Redis, once. */
  readonly open: () => Promise<Operator>;
  /** Something to be read while it works, which is no part of the answer. */
  readonly report: (line: string) => void;
}

/** A call as it is typed, and what it is for. */
interface Example {
  readonly call: string;
  readonly description: string;
}

export interface Command {
  readonly name: string;
  /** Whether it writes to Redis, sends orders or signs: then it connects as `operator`, else as `observer`. */
  readonly changes?: (flags: Flags, operands: readonly string[]) => boolean;
  /** It needs no Redis. */
  readonly isWithoutRedis?: true;
  /** The arguments behind its name, like `<node>`; each is needed. */
  readonly operands: readonly string[];
  readonly summary: string;
  /** The meaning of the answer, and the reasons for another exit code than 0. */
  readonly more: string;
  readonly examples: readonly Example[];
  readonly options: Readonly<Record<string, Option>>;
  run(call: Call): Promise<Report>;
}

/** Its own options, and the common ones that have an effect on it. */
export function optionsOf({ options, isWithoutRedis }: Command): Readonly<Record<string, Option>> {
  const common = Object.entries(commonOptions).filter(([name]) => !isWithoutRedis || name !== "master");
  return { ...options, ...Object.fromEntries(common) };
}

/** The options that were given. */
export class Flags {
  readonly #values: Readonly<Record<string, string | boolean | undefined>>;

  constructor(values: Readonly<Record<string, string | boolean | undefined>>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  /** @throws UsageError if it was not given */
  need(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new UsageError(`--${name} is needed`);
    return value;
  }

  /** @throws UsageError for anything but a whole number from `least` on */
  number(name: string, otherwise: number, least = 0): number {
    const text = this.text(name);
    if (text === undefined) return otherwise;
    const number = Number(text);
    if (/^\d{1,12}$/.test(text) && number >= least) return number;
    throw new UsageError(`--${name} must be a whole number, at least ${least}`);
  }

  /** @throws UsageError for anything but one of these */
  oneOf<Name extends string>(name: string, names: readonly Name[]): Name | undefined {
    const text = this.text(name);
    const known = names.find((one) => one === text);
    if (text !== undefined && known === undefined) throw new UsageError(`--${name} must be one of ${names.join(", ")}`);
    return known;
  }
}
