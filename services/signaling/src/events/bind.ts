import { type Charge, type LeaseTerm, SENT_BYTES_EACH, withTrace } from "@switchyard/core";
import type { Command, Dialect } from "@switchyard/dialects";
import {
  type CoreEventOf,
  type ErrorBody,
  type ErrorCode,
  RequestError,
  type UserId,
  unexpectedError,
} from "@switchyard/protocol";
import { isOutOfMemory } from "@switchyard/store";
import type { Socket } from "socket.io";
import type { OverLimit } from "../limits/address-allowance.ts";
import type { Limits } from "../limits/limits.ts";
import { busyError, type MemoryWatermark } from "../limits/memory-watermark.ts";
import type { Subject } from "../limits/subject.ts";
import type { NodeBans } from "../moderation/node-bans.ts";
import type { LocalSession } from "../sessions/local-session.ts";
import type { EventIn, EventTracing } from "../telemetry/event-tracing.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { DialectRuntime } from "./dialect-registry.ts";
import { parse } from "./event-arguments.ts";
import { ignore, reasonToIgnore } from "./ignoring.ts";
import { errorPacket } from "./node-packets.ts";
import type { Opening } from "./opening.ts";

/** How many events of one session may wait for their turn; more are refused. */
const MAX_WAITING_EVENTS = 1024;

type Acknowledge = (answer: unknown) => void;

/** An event that a client sent, and when it arrived: by the clock (`performance.now()`), and in which term of the node's lease. */
interface ReceivedEvent {
  readonly event: string;
  readonly args: readonly unknown[];
  readonly arrivedAt: number;
  readonly term: LeaseTerm | undefined;
}

export interface Binding {
  /** Another one from the opening event on, if a client that can't recover is back. */
  session: LocalSession;
  readonly tracing: EventTracing;
  readonly metrics: Metrics;
  readonly limits: Pick<Limits, "takeEvent" | "takeRefusal" | "recognize">;
  /** Counts what its events cost others. */
  readonly charge: Charge;
  /** The subject whose allowances it uses. */
  subject: Subject;
  /** Knows what it speaks, or settles that. */
  readonly opening: Pick<Opening, "runtimeOf" | "commandOf" | "byOpeningEvent" | "adopt" | "knows">;
  /** Goes on with the session that its client had as that user; `undefined` for clients that recover. */
  readonly recoverByUser: ((user: UserId, runtime: DialectRuntime) => Promise<void>) | undefined;
  readonly bans: Pick<NodeBans, "checkMute">;
  readonly memory: Pick<MemoryWatermark, "check">;
  /** Its session stands for another user than before the event, and that user may have been banned meanwhile. */
  readonly onUser: () => void;
}

/** Handles everything that a socket's client sends: limit → parse → run → acknowledgement or error, for every event of every dialect. */
export function bind(socket: Socket, binding: Binding): void {
  socket.use((packet) => {
    const arrivedAt = performance.now();
    // next() is never called: there are no other listeners, so an unknown or odd event name can't reach any
    const last: unknown = packet.at(-1);
    const acknowledge = typeof last === "function" ? (last as Acknowledge) : undefined;
    const [name, ...args]: unknown[] = acknowledge ? packet.slice(0, -1) : packet;
    const event = String(name);
    const { opening, session } = binding;
    const { eventQueue } = session;
    const term = session.participant.lease;
    if (eventQueue.length >= MAX_WAITING_EVENTS) return rejectOverLimit(binding, { limit: "waiting" }, acknowledge);
    const isIgnored = !acknowledge && reasonToIgnore(binding, event, args) !== undefined;
    const command = opening.commandOf(event, session);
    const allowance = isIgnored ? "ignored" : (command?.allowance ?? "costly");
    const decision = binding.limits.takeEvent(allowance, binding.subject, command, args);
    const task = () => handle(binding, { event, args, arrivedAt, term }, acknowledge);
    if (decision !== undefined) {
      if (!(decision instanceof Promise)) return rejectOverLimit(binding, decision, acknowledge);
      return eventQueue.runExclusive(() =>
        decision.then((over) => (over ? rejectOverLimit(binding, over, acknowledge) : task())),
      );
    }
    // offers, answers and candidates don't wait for one another: each is one command, sent at once
    if (allowance === "signal") eventQueue.runShared(task);
    else eventQueue.runExclusive(task);
  });
}

async function handle(
  binding: Binding,
  { event, args, arrivedAt, term }: ReceivedEvent,
  acknowledge: Acknowledge | undefined,
): Promise<void> {
  const { session, opening, metrics, tracing } = binding;
  if (session.released || session.isBanned) return;
  // asked again in its turn: the event before it may have settled the dialect
  const ignored = acknowledge ? undefined : reasonToIgnore(binding, event, args);
  if (ignored) return ignore(binding, ignored);
  const trace = tracing.begin(arrivedAt);
  let runtime: DialectRuntime | undefined;
  let request: CoreEventOf<"refused">["request"];
  try {
    const known = opening.runtimeOf(session);
    runtime = known ?? opening.byOpeningEvent(event, session);
    // it may have waited since before the lease ran out, and its client have come elsewhere meanwhile
    if (session.participant.lease !== term) throw new RequestError("server_error");
    const { dialect, context } = runtime;
    const command = commandFor(dialect, event);
    metrics.eventsIn.add(1, dialect.name, event);
    if (tracing.isVerbose) tracing.received({ trace, participant: session.participant, dialect: dialect.name, event });
    const parsed = parse(command, args);
    request = { event, args: parsed };
    const user = session.participant.user === undefined ? command.recoversAs(parsed) : undefined;
    if (user !== undefined) await binding.recoverByUser?.(user, runtime);
    const { session: current } = binding;
    if (command.makesNew(current.participant, parsed)) binding.memory.check();
    // only now: what is refused for its arguments changes nothing
    if (!opening.runtimeOf(current)) await opening.adopt(current, runtime);
    if (command.refusedIfMuted) binding.bans.checkMute(current.participant);
    const { user: former } = current.participant;
    const fields = await command.run(withTrace(trace, context, binding.charge), current.participant, parsed);
    if (current.participant.user !== former) binding.onUser();
    if (!binding.subject.isUser) binding.limits.recognize(binding.subject);
    // of those with an answer some read much for it
    if (fields) binding.charge(Buffer.byteLength(JSON.stringify(fields)) / SENT_BYTES_EACH);
    acknowledge?.({ ok: true, ...fields });
    metrics.eventSeconds.observe((performance.now() - arrivedAt) / 1000, dialect.name, event);
  } catch (error) {
    const command = runtime?.dialect.commands.get(event);
    const dialect = runtime?.dialect.name ?? "none";
    const body = errorFor(error, binding, {
      trace,
      participant: session.participant,
      dialect,
      event: command && event,
    });
    const isSilent = command?.silent.includes(body.code);
    reject(binding, runtime, body, acknowledge ?? (isSilent ? () => {} : undefined), request);
    const besides = (request && command?.besides(body.code, request.args)) ?? [];
    for (const wireEvent of besides) session.connection?.send(JSON.stringify(wireEvent));
  }
}

function errorFor(failure: unknown, { tracing }: Binding, eventIn: EventIn): ErrorBody {
  const error = isOutOfMemory(failure) ? busyError() : failure;
  if (!(error instanceof RequestError)) {
    tracing.failed(eventIn, error);
    return unexpectedError;
  }
  tracing.refused(eventIn, error.body.code);
  return error.body;
}

function commandFor(dialect: Dialect, event: string): Command {
  const command = dialect.commands.get(event);
  if (!command) throw new RequestError("validation", "There is no such event.");
  return command;
}

/** Refuses an event that is over a limit. */
function rejectOverLimit(
  binding: Binding,
  { limit, waitMs }: Pick<OverLimit, "limit"> & Partial<OverLimit>,
  acknowledge?: Acknowledge,
): void {
  binding.metrics.limitsHit.inc({ limit });
  binding.tracing.overLimit(binding.session.participant, limit);
  const retryAfterMs = waitMs === undefined ? undefined : Math.ceil(waitMs);
  reject(
    binding,
    binding.opening.runtimeOf(binding.session),
    new RequestError("rate_limited", undefined, retryAfterMs).body,
    acknowledge,
  );
}

function reject(
  binding: Binding,
  runtime: DialectRuntime | undefined,
  body: ErrorBody,
  acknowledge?: Acknowledge,
  request?: CoreEventOf<"refused">["request"],
): void {
  const code: ErrorCode = body.code;
  binding.metrics.refusals.inc({ dialect: runtime?.dialect.name ?? "none", code });
  if (acknowledge) acknowledge({ ok: false, error: body });
  else binding.session.connection?.send(errorPacket(runtime, body, request));
  const over = binding.limits.takeRefusal(binding.subject.connection);
  if (over) closePersistent(binding, runtime, over);
}

/** Its client goes on after hundreds of refusals: each costs work, so it loses its connection. The session can be resumed. */
function closePersistent(binding: Binding, runtime: DialectRuntime | undefined, { limit, waitMs }: OverLimit): void {
  const message = "Too many of your events were refused: this connection is closed.";
  const { body } = new RequestError("rate_limited", message, Math.ceil(waitMs));
  if (!binding.session.connection?.finish(errorPacket(runtime, body))) return;
  binding.metrics.limitsHit.inc({ limit });
  binding.tracing.overLimit(binding.session.participant, limit);
}
