import { withTrace } from "@switchyard/core";
import type { Command, Dialect } from "@switchyard/dialects";
import { type ErrorBody, type ErrorCode, RequestError, unexpectedError } from "@switchyard/protocol";
import type { Socket } from "socket.io";
import type { Limits } from "../limits/limits.ts";
import type { Subject } from "../limits/subject.ts";
import type { LocalSession } from "../sessions/local-session.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { EventIn, Trail } from "../telemetry/trail.ts";
import type { Opening } from "./opening.ts";
import { parse } from "./plain-json.ts";
import { refusalPacket } from "./refusal-packet.ts";
import type { Speech } from "./speech.ts";

/** How many events of one session may wait for their turn; more are refused. */
const MAX_WAITING_EVENTS = 1024;

type Acknowledge = (answer: unknown) => void;

/** What a client sent, and when that came (`performance.now()`). */
interface Sent {
  readonly event: string;
  readonly args: readonly unknown[];
  readonly arrivedAt: number;
}

interface Binding {
  readonly session: LocalSession;
  readonly trail: Trail;
  readonly metrics: Metrics;
  readonly limits: Pick<Limits, "takeEvent" | "recognize">;
  /** Whose allowances it uses. */
  readonly subject: Subject;
  /** Knows what it speaks, or settles that. */
  readonly opening: Pick<Opening, "settled" | "openedBy" | "settle">;
}

/** Handles everything that a socket's client sends: limit → parse → run → acknowledgement or error, for every event of every dialect. */
export function bind(socket: Socket, binding: Binding): void {
  socket.use(([event, ...args]) => {
    const arrivedAt = performance.now();
    // next() is never called: there are no other listeners, so an unknown or odd event name can't reach any
    const last = args.at(-1);
    const acknowledge = typeof last === "function" ? (args.pop() as Acknowledge) : undefined;
    const { opening, session } = binding;
    const { turnstile } = session;
    if (turnstile.length >= MAX_WAITING_EVENTS) return turnAway(binding, "waiting", undefined, acknowledge);
    const allowance = opening.settled(session)?.dialect.commands.get(String(event))?.allowance ?? "costly";
    const wait = binding.limits.takeEvent(allowance, binding.subject);
    const task = () => handle(binding, { event: String(event), args, arrivedAt }, acknowledge);
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

async function handle(
  binding: Binding,
  { event, args, arrivedAt }: Sent,
  acknowledge: Acknowledge | undefined,
): Promise<void> {
  const { session, opening, metrics, trail } = binding;
  if (session.released) return;
  const trace = trail.begin(arrivedAt);
  let speech: Speech | undefined;
  try {
    const settled = opening.settled(session);
    speech = settled ?? opening.openedBy(event, session);
    const { dialect, context } = speech;
    const command = commandFor(dialect, event);
    metrics.eventsIn.add(1, dialect.name, event);
    if (trail.isSaid) trail.cameIn({ trace, participant: session.participant, dialect: dialect.name, event });
    const parsed = parse(command, args);
    if (!settled) await opening.settle(session, speech); // only now: what is refused for its arguments changes nothing
    const fields = await command.run(withTrace(trace, context), session.participant, parsed);
    if (!binding.subject.isUser) binding.limits.recognize(binding.subject);
    acknowledge?.({ ok: true, ...fields });
    metrics.eventSeconds.observe((performance.now() - arrivedAt) / 1000, dialect.name, event);
  } catch (error) {
    const command = speech?.dialect.commands.get(event);
    const dialect = speech?.dialect.name ?? "none";
    const refusal = refusalFor(error, binding, {
      ...{ trace, participant: session.participant, dialect, event: command && event },
    });
    const isSilent = command?.silent.includes(refusal.code);
    refuse(binding, speech, refusal, acknowledge ?? (isSilent ? () => {} : undefined));
  }
}

function refusalFor(error: unknown, { trail }: Binding, eventIn: EventIn): ErrorBody {
  if (!(error instanceof RequestError)) {
    trail.failed(eventIn, error);
    return unexpectedError;
  }
  trail.refused(eventIn, error.body.code);
  return error.body;
}

function commandFor(dialect: Dialect, event: string): Command {
  const command = dialect.commands.get(event);
  if (!command) throw new RequestError("validation", "There is no such event.");
  return command;
}

/** Refuses an event that is over a limit. */
function turnAway(binding: Binding, limit: string, waitMs?: number, acknowledge?: Acknowledge): void {
  binding.metrics.limitsHit.inc({ limit });
  binding.trail.turnedAway(binding.session.participant, limit);
  const retryAfterMs = waitMs === undefined ? undefined : Math.ceil(waitMs);
  refuse(
    binding,
    binding.opening.settled(binding.session),
    new RequestError("rate_limited", undefined, retryAfterMs).body,
    acknowledge,
  );
}

function refuse(binding: Binding, speech: Speech | undefined, refusal: ErrorBody, acknowledge?: Acknowledge): void {
  const code: ErrorCode = refusal.code;
  binding.metrics.refusals.inc({ dialect: speech?.dialect.name ?? "none", code });
  if (acknowledge) return acknowledge({ ok: false, error: refusal });
  binding.session.connection?.send(refusalPacket(speech, refusal));
}
