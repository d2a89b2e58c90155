import type { Context, Participant } from "@switchyard/core";
import type { CoreEventOf, CoreEventType, DialectName } from "@switchyard/protocol";
import type { z } from "zod";

/** An event as it goes over the wire: its name and its arguments. */
export type WireEvent = readonly [name: string, ...args: unknown[]];

/** What an acknowledgement says besides `ok: true`. */
export type AckFields = Readonly<Record<string, unknown>>;

/**
 * Which allowance an event counts against: `signal` for offers, answers and candidates; `costly` for what costs others something.
 * What a `signal` does must be one Redis command, sent before anything is awaited: signals of one sender are not held up by each other.
 */
export type Allowance = "signal" | "costly" | "free";

/** An event that clients send: what its arguments must be, and what it does. */
export interface Command {
  readonly allowance: Allowance;
  readonly parameters: z.ZodType<readonly unknown[]>;
  /** `args` are what `parameters` made of the event's arguments. */
  run(context: Context, participant: Participant, args: readonly unknown[]): Promise<AckFields> | Promise<void>;
}

/** How a dialect says each core event: `null` says nothing. A new core event does not compile until every dialect has decided. */
export type Rendering = {
  readonly [Type in CoreEventType]: null | ((event: CoreEventOf<Type>) => WireEvent);
};

/** A wire protocol, as data. */
export interface Dialect {
  readonly name: DialectName;
  /** The event that opens a connection, by which the root namespace knows the dialect. */
  readonly opening: string;
  readonly queues: readonly string[];
  readonly commands: ReadonlyMap<string, Command>;
  readonly render: Rendering;
}

/** A command whose `run` gets its arguments typed by their schema. */
export function command<Parameters extends z.ZodType<readonly unknown[]>>(
  allowance: Allowance,
  parameters: Parameters,
  run: (
    context: Context,
    participant: Participant,
    ...args: z.output<Parameters>
  ) => Promise<AckFields> | Promise<void>,
): Command {
  return {
    allowance,
    parameters,
    run: (context, participant, args) => run(context, participant, ...(args as z.output<Parameters>)),
  };
}
