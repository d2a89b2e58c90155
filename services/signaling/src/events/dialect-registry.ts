import type { Context } from "@switchyard/core";
import type { Dialect } from "@switchyard/dialects";
import type { DialectName } from "@switchyard/protocol";
import type { Socket } from "socket.io";

/** A dialect, and what its use cases work with. */
export interface DialectRuntime {
  readonly dialect: Dialect;
  readonly context: Context;
}

/** Whether a token opens a dialect, and no event does: its users have accounts, and it asks for a token in every mode. */
export function isOpenedByToken({ dialect }: DialectRuntime): boolean {
  return dialect.opening.length === 0;
}

/** The dialects that this node speaks. */
export class DialectRegistry {
  readonly #runtimes: ReadonlyMap<string, DialectRuntime>;
  readonly #rootDialect: string | undefined;

  /**
   * @param rootDialect pins what the root namespace speaks
   * @throws Error if that is not among them
   */
  constructor(
    dialects: readonly Dialect[],
    contexts: ReadonlyMap<DialectName, Context>,
    rootDialect: string | undefined,
  ) {
    this.#runtimes = new Map(
      dialects.flatMap((dialect) => {
        const context = contexts.get(dialect.name);
        return context ? [[dialect.name as string, { dialect, context }]] : [];
      }),
    );
    this.#rootDialect = rootDialect;
    if (rootDialect !== undefined && !this.#runtimes.has(rootDialect)) {
      throw new Error(
        `ROOT_DIALECT is "${rootDialect}", but there are only: ${[...this.#runtimes.keys()].join(", ")}.`,
      );
    }
  }

  get all(): readonly DialectRuntime[] {
    return [...this.#runtimes.values()];
  }

  /** The dialect that a token opens. */
  get openedByToken(): DialectRuntime | undefined {
    return this.all.find(isOpenedByToken);
  }

  byName(name: DialectName | ""): DialectRuntime | undefined {
    return this.#runtimes.get(name);
  }

  /** The dialect that a connection asks for, by its namespace or its handshake; `undefined` if it names none. */
  requestedBy(socket: Socket): DialectRuntime | undefined {
    if (socket.nsp.name !== "/") return this.#runtimes.get(socket.nsp.name.slice(1));
    if (this.#rootDialect !== undefined) return this.#runtimes.get(this.#rootDialect);
    const { auth, query } = socket.handshake;
    const named = auth["dialect"] ?? query["dialect"];
    return typeof named === "string" ? this.#runtimes.get(named) : undefined;
  }

  /** Whether any dialect has such an event. */
  knows(event: string): boolean {
    return this.all.some(({ dialect }) => dialect.commands.has(event));
  }

  /** The dialect that an event opens. */
  byOpeningEvent(event: string): DialectRuntime | undefined {
    return this.all.find(({ dialect }) => dialect.opening.includes(event));
  }
}
