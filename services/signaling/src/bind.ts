import { type Command, type Dialect, errorEvent, packetOf } from "@switchyard/dialects";
import { type ErrorCode, type Refusal, RefusedError, unexpected } from "@switchyard/protocol";
import type { Logger } from "@switchyard/runtime";
import type { Socket } from "socket.io";
import { oversized } from "./decoder.ts";
import type { LocalSession } from "./local-session.ts";
import type { Metrics } from "./metrics.ts";
import { isPlainJson } from "./plain-json.ts";
import type { Speech } from "./speech.ts";

/** How many events of one session may wait for their turn; more are refused. */
const MAX_WAITING_EVENTS = 1024;

type Acknowledge = (answer: unknown) => void;

export interface Binding {
  readonly session: LocalSession;
  readonly logger: Logger;
  readonly metrics: Metrics;
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
    if (binding.session.turnstile.length >= MAX_WAITING_EVENTS) {
      return refuse(binding, undefined, new RefusedError("rate_limited").refusal, acknowledge);
    }
    const task = () => handle(binding, String(event), args, acknowledge);
    if (sendsOneCommand(binding, event)) binding.session.turnstile.share(task);
    else binding.session.turnstile.pass(task);
  });
}

/** Offers, answers and candidates don't wait for one another: each is one command, sent at once. */
function sendsOneCommand(binding: Binding, event: unknown): boolean {
  return binding.known()?.dialect.commands.get(String(event))?.allowance === "signal";
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
    acknowledge?.({ ok: true, ...fields });
    metrics.eventSeconds.observe((performance.now() - from) / 1000, name, event);
  } catch (error) {
    if (!(error instanceof RefusedError))
      logger.error({ err: error, event, session: session.participant.session }, "an event failed");
    refuse(binding, speech, error instanceof RefusedError ? error.refusal : unexpected, acknowledge);
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

function refuse(binding: Binding, speech: Speech | undefined, refusal: Refusal, acknowledge?: Acknowledge): void {
  const code: ErrorCode = refusal.code;
  binding.metrics.refusals.inc({ dialect: speech?.dialect.name ?? "none", code });
  if (acknowledge) return acknowledge({ ok: false, error: refusal });
  const said = speech && packetOf(speech.dialect, { type: "refused", refusal });
  binding.session.connection?.send(said ?? JSON.stringify(errorEvent(refusal)));
}
