import type { LatencyKind } from "../measure/latencies.ts";
import type { Conversation } from "../oracle/conversation.ts";
import type { Party } from "../oracle/member.ts";
import type { Stage } from "../run/stage.ts";
import type { DisconnectReason } from "../wire/reconnection.ts";
import type { Timed } from "../wire/timer-wheel.ts";
import { WireClient } from "../wire/wire-client.ts";
import type { WireOwner } from "../wire/wire-owner.ts";
import { ConnectionRecord } from "./connection-record.ts";

/** An event that is to be acknowledged. Its time is the one for which it was intended. */
export interface Request {
  readonly event: string;
  readonly at: number;
  /** For a message: which one, and where. */
  readonly number: number;
  readonly conversation: Conversation | undefined;
}

/** Acknowledgements of all dialects. */
export interface Answer {
  readonly ok?: boolean;
  readonly error?: { readonly code?: string };
}

const GONE = 0;
const GONE_POLL_MS = 250;

/** A user of a run: connects, stays, comes back after a connection that was lost, and leaves. It does nothing else. */
export class User implements WireOwner<Request>, Timed, Party {
  readonly index: number;
  readonly name: string;
  readonly client: WireClient<Request>;
  /** It is about to leave, or has left for good. */
  isLeaving = false;
  protected readonly stage: Stage;
  readonly #record: ConnectionRecord;
  #polls = 0;
  #connectedAt = 0;

  /** @param needsToken the namespace lets nobody in without one */
  constructor(stage: Stage, index: number, url: string, namespace: string, needsToken = false) {
    this.stage = stage;
    this.#record = new ConnectionRecord(stage, this);
    this.index = index;
    this.name = stage.nameOf(index);
    const { wheel, random, scenario } = stage;
    const { transport, reconnect: reconnects } = scenario;
    const [auth, source] = [stage.authOf(this.name, needsToken), stage.sourceOf(index)];
    this.client = new WireClient({ url, namespace, transport, auth, source, wheel, random, reconnects }, this);
  }

  /** It is connected with a session that is new. */
  protected begin(_at: number): void {}
  /** It is back, and so is its session. */
  protected resume(_at: number, _awayMs: number): void {}
  /** It is back, and its session was lost. */
  protected startAnew(_at: number, _awayMs: number): void {}
  /** The connection is lost. */
  protected goAway(_at: number): void {}
  /** It leaves, and may be without a connection. */
  protected bidFarewell(_at: number): void {}
  /** Whether nothing more is to be sent to it. */
  protected isServed(): boolean {
    return true;
  }
  /** All users have stopped sending, in every worker. */
  conclude(_at: number): void {}
  /** It goes for good, whatever is still owed to it. */
  protected settle(): void {}

  wants(_name: string): boolean {
    return false;
  }
  onEvent(_name: string, _args: readonly unknown[]): void {}

  get isConnected(): boolean {
    return this.client.isConnected;
  }

  get heardAt(): number {
    return this.client.heardAt;
  }

  /** Whether nothing is to be waited for: it has its answers, and is where it is to be, or has not come at all. */
  get isCalm(): boolean {
    return this.isLeaving || !this.#record.hasArrived || (this.isConnected && this.isAnswered);
  }

  /** Whether every event of its has its acknowledgement. */
  get isAnswered(): boolean {
    for (const _ of this.client.unanswered) return false;
    return true;
  }

  arrive(at: number): void {
    this.stage.watch.add(this);
    this.stage.counts.add("users");
    this.connect(at);
  }

  /** Begins a visit, with a session that is new. */
  protected connect(at: number): void {
    this.#record.begins(at);
    this.client.connect();
  }

  /** Ends its visit: it is disconnected when nothing more is to come. */
  leave(at: number): void {
    if (this.isLeaving) return;
    this.isLeaving = true;
    this.bidFarewell(at);
    this.#goWhenServed();
  }

  /** Nothing more is to come: what is still owed to it is a violation, and so is an acknowledgement that it still waits for. */
  end(): void {
    this.settle();
    if (this.#isSettled) for (const request of this.client.unanswered) this.#neverAnswered(request);
    this.client.disconnect();
  }

  due(what: number, _at: number): void {
    if (what === GONE) this.#goWhenServed();
  }

  onConnect(recovered: boolean): void {
    const { now } = this.stage;
    this.#connectedAt = now;
    const { beginning, awayMs } = this.#record.opened(this.client.node, recovered);
    if (beginning === "recovered") return this.resume(now, awayMs);
    if (beginning === "anew") this.startAnew(now, awayMs);
    if (!this.isLeaving) this.begin(now);
  }

  onDisconnect(reason: DisconnectReason): void {
    if (this.#record.closed(reason, this.client.heardAt)) this.goAway(this.stage.now);
  }

  onRefused(message: string): void {
    this.#record.failed(`connection refused: ${message}`);
  }

  onFailure(message: string): void {
    this.stage.counts.add("failed attempts");
    this.#record.failed(message);
  }

  onAnswer(request: Request, answer: unknown): void {
    const { now, counts } = this.stage;
    const { event, at, number } = request;
    const { ok } = (answer ?? {}) as Answer;
    if (number > 0) counts.add(answer === undefined ? "unknown" : ok ? "acknowledged" : "refused");
    if (ok && isJoin(event)) this.measure("join", now - at);
    if (answer !== undefined && !ok) this.refused(request, answer as Answer);
  }

  protected refused({ event }: Request, { error }: Answer): void {
    this.stage.counts.fail(`${event}: ${error?.code ?? "no reason"}`);
  }

  /** Sends an event that is to be acknowledged. */
  protected request(event: string, payload: unknown, at: number): void {
    this.stage.counts.add("requests");
    this.client.emit(event, payload, { event, at, number: 0, conversation: undefined });
  }

  /** Whether it has been connected for so long that an answer is overdue: what waited for the connection was sent only then. */
  get #isSettled(): boolean {
    const { now, scenario } = this.stage;
    return this.isConnected && now - this.#connectedAt > scenario.patience / 2;
  }

  /** Of a latency that the node has caused that it is connected to. */
  protected measure(kind: LatencyKind, durationMs: number): void {
    this.#record.measure(kind, durationMs);
  }

  #goWhenServed(): void {
    const { now, wheel, scenario } = this.stage;
    const isServed = !this.isConnected || (this.isServed() && this.isAnswered);
    this.#polls += 1;
    if (isServed || this.#polls * GONE_POLL_MS > scenario.patience) this.end();
    else wheel.set(now + GONE_POLL_MS, this, GONE);
  }

  #neverAnswered({ event, number, conversation }: Request): void {
    const { watch, now } = this.stage;
    const finding = `${this.name} sent ${event}${number === 0 ? "" : ` ${number}`}, and no acknowledgement came`;
    const told = conversation?.eventsAbout(this, number) ?? [`${this.name} sends ${event}`];
    watch.violations.add("unanswered", finding, () => [
      ...told,
      `${watch.seconds(now)}: no acknowledgement, connected all the time`,
    ]);
  }
}

function isJoin(event: string): boolean {
  return event === "join" || event === "join-room" || event === "register";
}
