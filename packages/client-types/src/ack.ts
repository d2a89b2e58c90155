import type { ErrorCode } from "./generated/error-code.ts";

/** Why an event was refused. Nothing has changed then. */
export interface Refusal {
  code: ErrorCode;
  message: string;
  /** Whether the same event may succeed later without a change. */
  retryable: boolean;
  /** When to try again, in ms. */
  retryAfterMs?: number;
}

/** The answer to an event: its effect is durable, or it was refused. */
export type Ack<Fields = unknown> = ({ ok: true } & Fields) | { ok: false; error: Refusal };

/** The callback that every event takes as last argument. Without one a refusal comes as the event `error`. */
export type Acknowledge<Fields = unknown> = (answer: Ack<Fields>) => void;

/**
 * The events of a dialect with a callback that is not optional: what `emitWithAck` needs to know the answer's type.
 * A `Socket<ServerToClientEvents, ClientToServerEvents>` can be taken for one with `Acknowledged<ClientToServerEvents>`.
 */
export type Acknowledged<Events> = {
  [Event in keyof Events]: Events[Event] extends (...args: infer Arguments extends unknown[]) => void
    ? (...args: Required<Arguments>) => void
    : never;
};
