import type { Context } from "@switchyard/core";
import { type Dialect, dialects } from "@switchyard/dialects";
import type { DialectName } from "@switchyard/protocol";
import type { Socket } from "socket.io";

/** The dialect whose users have accounts: it asks for a token in every mode. */
export const WITH_ACCOUNTS = "chat";

/** A dialect, and what its use cases work with. */
export interface Speech {
  readonly dialect: Dialect;
  readonly context: Context;
}

/** The dialects that this node speaks. */
export class Speeches {
  readonly #speeches: ReadonlyMap<string, Speech>;
  readonly #rootDialect: string | undefined;

  /** @param rootDialect pins what the root namespace speaks */
  constructor(contexts: ReadonlyMap<DialectName, Context>, rootDialect: string | undefined) {
    this.#speeches = new Map(
      dialects.flatMap((dialect) => {
        const context = contexts.get(dialect.name);
        return context ? [[dialect.name as string, { dialect, context }]] : [];
      }),
    );
    this.#rootDialect = rootDialect;
    if (rootDialect !== undefined && !this.#speeches.has(rootDialect)) {
      throw new Error(
        `ROOT_DIALECT is "${rootDialect}", but there are only: ${[...this.#speeches.keys()].join(", ")}.`,
      );
    }
  }

  get all(): Iterable<Speech> {
    return this.#speeches.values();
  }

  named(name: DialectName | ""): Speech | undefined {
    return this.#speeches.get(name);
  }

  /** What a connection asks to speak, by its namespace or its handshake; `undefined` if it does not say. */
  askedFor(socket: Socket): Speech | undefined {
    if (socket.nsp.name !== "/") return this.#speeches.get(socket.nsp.name.slice(1));
    if (this.#rootDialect !== undefined) return this.#speeches.get(this.#rootDialect);
    const { auth, query } = socket.handshake;
    const named = auth["dialect"] ?? query["dialect"];
    return typeof named === "string" ? this.#speeches.get(named) : undefined;
  }

  /** The dialect that an event opens. */
  openedBy(event: string): Speech | undefined {
    return [...this.#speeches.values()].find(({ dialect }) => dialect.opening === event);
  }
}
