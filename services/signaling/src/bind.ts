import type { Command, Dialect } from "@switchyard/dialects";
import { type ErrorCode, type Refusal, RefusedError, unexpected } from "@switchyard/protocol";
import type { Logger } from "@switchyard/runtime";
import type { Socket } from "socket.io";
import { oversized } from "./decoder.ts";
import type { Limits } from "./limits/limits.ts";
import type { Subject } from "./limits/subject.ts";
import type { LocalSession } from "./local-session.ts";
import type { Metrics } from "./metrics.ts";
import { isPlainJson } from "./plain-json.ts";
import { refusalPacket } from "./refusal-packet.ts";
import type { Speech } from "./speech.ts";

/** How many events of one session may wait for their turn; more are refused. */
const MAX_WAITING_EVENTS = 1024;

type Acknowledge = (answer: unknown) => void;

export interface Binding {
  readonly session: LocalSession;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits: Pick<Limits, "takeEvent" | "recognize">;
  /** Whose allowances it uses. */
  readonly subject: Subject;
  /** What this connection speaks, once that is known. */
  readonly known: () => Speech | undefined;
  /** What it speaks from this event on, if the event is one that opens a dialect. */
  readonly openedBy: (event: string) => Promise<Speech | undefined>;
}

/** Handles everything that a socket's client sends: limit → parse → run → acknowledgement or error, for every event of every dialect. */
export function bind(socket: Socket, binding: Binding): void {
  socket.use(([event, ...args]) => {
    // next() is never called: there are no other listeners, so an unknown or odd event name can't reach any
    const last = args.at(-1);
    const acknowledge = typeof last === "function" ? (args.pop() as Acknowledge) : undefined;
    const { turnstile } = binding.session;
    if (turnstile.length >= MAX_WAITING_EVENTS) return turnAway(binding, "waiting", undefined, acknowledge);
    const allowance = binding.known()?.dialect.commands.get(String(event))?.allowance ?? "costly";
    const wait = binding.limits.takeEvent(allowance, binding.subject);
    const task = () => handle(binding, String(event), args, acknowledge);
    if (wait !== 0) {
      const over = (waitMs: number) => turnAway(binding, allowance, waitMs, acknowledge);
      if (typeof wait === "number") return over(wait);
      return turnstile.pass(() => wait.then((waitMs) => (waitMs > 0 ? over(waitMs) : task())));
    }
    // offers, answers and candidates don't wait for one another: each is one command, sent at once
    if (allowance === "signal") turnstile.share(task);
    else turnstile.pass(task);
  });
}

async function handle(binding: Binding, event: string, args: unknown[], acknowledge?: Acknowledge): Promise<void> {
  const { session, metrics, logger } = binding;
  if (session.released) return;
  const from = performance.now();
  let speech: Speech | undefined;
  try {
    speech = binding.known() ?? (await binding.openedBy(event));
    if (!speech) throw new RefusedError("not_joined");
    const command = commandFor(speech.dialect, event);
    const name = speech.dialect.name;
    metrics.eventsIn.add(1, name, event);
    const fields = await command.run(speech.context, session.participant, parse(command, args));
    if (!binding.subject.isUser) binding.limits.recognize(binding.subject);
    acknowledge?.({ ok: true, ...fields });
    metrics.eventSeconds.observe((performance.now() - from) / 1000, name, event);
  } catch (error) {
    if (!(error instanceof RefusedError))
      logger.error({ err: error, event, session: session.participant.session }, "an event failed");
    const refusal = error instanceof RefusedError ? error.refusal : unexpected;
    const isSilent = speech?.dialect.commands.get(event)?.silent.includes(refusal.code);
    refuse(binding, speech, refusal, acknowledge ?? (isSilent ? () => {} : undefined));
  }
}

function commandFor(dialect: Dialect, event: string): Command {
  const command = dialect.commands.get(event);
  if (!command) throw new RefusedError("validation", "There is no such event.");
  return command;
}

function parse(command: Command, args: readonly unknown[]): readonly unknown[] {
  if (args.includes(oversized)) throw new RefusedError("payload_too_large");
  if (!isPlainJson(args)) throw new RefusedError("validation", "Only plain JSON, not nested deeply, can be sent.");
  const parsed = command.parameters.safeParse(args);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue?.path.slice(1).join(".");
  throw new RefusedError("validation", at ? `${at}: ${issue?.message}` : (issue?.message ?? "Invalid arguments."));
}

/** Refuses an event that is over a limit. */
function turnAway(binding: Binding, limit: string, waitMs?: number, acknowledge?: Acknowledge): void {
  binding.metrics.limitsHit.inc({ limit });
  const retryAfterMs = waitMs === undefined ? undefined : Math.ceil(waitMs);
  refuse(binding, binding.known(), new RefusedError("rate_limited", undefined, retryAfterMs).refusal, acknowledge);
}

function refuse(binding: Binding, speech: Speech | undefined, refusal: Refusal, acknowledge?: Acknowledge): void {
  const code: ErrorCode = refusal.code;
  binding.metrics.refusals.inc({ dialect: speech?.dialect.name ?? "none", code });
  if (acknowledge) return acknowledge({ ok: false, error: refusal });
  binding.session.connection?.send(refusalPacket(speech, refusal));
}
