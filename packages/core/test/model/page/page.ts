import type { Bearer } from "@switchyard/core";
import type { RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { Request } from "../request.ts";
import type { ReceivedSignal } from "../signal.ts";
import { Inbox } from "./inbox.ts";

/** Where a client believes that it is, by what it was told. */
export type View = "idle" | "waiting" | { readonly room: RoomId };

/** One transport between a page and the node that took it. */
export class Connection {
  readonly page: Page;
  /** Of the token that it was opened with. */
  readonly cohort: string | undefined;
  open = true;
  /** Its client closed it of its own, for good. */
  hasDisconnected = false;

  constructor(page: Page) {
    this.page = page;
    this.cohort = page.cohort;
  }

  /** What its token says, where it says something that matters. */
  get bearer(): Bearer | undefined {
    if (this.cohort === undefined) return undefined;
    return { user: this.page.user, dialect: undefined, room: undefined, cohort: this.cohort };
  }
}

/** A browser's page: knows only what came over its connections, as a stock client does. */
export class Page {
  readonly name: string;
  readonly user: UserId;
  /** Of the token that it has now. */
  cohort: string | undefined;
  connection: Connection | undefined;
  session: { readonly id: SessionId; readonly secret: string } | undefined;
  /** The last event that it has had. */
  offset = 0;
  /** Numbers since that of which it received no event. */
  readonly #without = new Set<number>();
  view: View = "idle";
  /** How often it asked for a partner, and was told that it waits. */
  #requests = 0;
  #waits = 0;
  /** It has asked for a partner, and was told nothing since: of what it was told before, it may have been taken out. */
  #isUnsure = false;
  /** It stopped to wait while it was unsure: it may be where it was, or nowhere. */
  mayBeNowhere = false;
  /** What it has asked for and got no answer to, or only that it should try again. */
  unanswered: Request[] = [];
  readonly faults: string[] = [];
  inbox: Inbox | undefined;
  /** Signals that were acknowledged: the session that was reached, and the number. */
  readonly reached: { readonly session: SessionId; readonly n: number }[] = [];
  #signals = 0;

  constructor(name: string, user: UserId) {
    this.name = name;
    this.user = user;
  }

  get connected(): boolean {
    return this.connection?.open === true && this.session !== undefined;
  }

  /** It has had something to recover from. */
  get recoverable(): boolean {
    return this.session !== undefined && this.offset > 0;
  }

  /** A new session, and nothing known. */
  begin(id: SessionId, secret: string): void {
    this.forget();
    this.session = { id, secret };
    this.inbox = new Inbox(id);
  }

  forget(): void {
    this.session = undefined;
    this.offset = 0;
    this.#without.clear();
    this.view = "idle";
    this.#requests = this.#waits = 0;
    this.#isUnsure = this.mayBeNowhere = false;
    this.unanswered = [];
  }

  /** It has a new token, which may be of another cohort: then it waits anew when it is back. */
  refreshToken(cohort: string | undefined): void {
    if (cohort !== this.cohort) this.#requests += 1;
    this.cohort = cohort;
  }

  /** The room in which it believes that others hear it. */
  get signalRoom(): RoomId | undefined {
    return typeof this.view === "object" ? this.view.room : undefined;
  }

  /** Its next signal to the others; it is sent once. */
  signal(): Request | undefined {
    const { signalRoom: room } = this;
    if (room === undefined) return undefined;
    this.#signals += 1;
    const signal = { page: this.name, n: this.#signals };
    const acknowledge = (sessions: readonly SessionId[]) =>
      this.reached.push(...sessions.map((session) => ({ session, n: signal.n })));
    return { kind: "signal", room, signal, acknowledge };
  }

  /** It sends a request, be it once more. */
  asks(request: Request): void {
    if (request.kind === "signal") return;
    if (!this.unanswered.includes(request)) this.unanswered.push(request);
    if (isForPartner(request)) this.#requests += 1;
  }

  hangUp(): void {
    if (this.connection) this.hangUpIf(this.connection);
  }

  /** A connection is closed; the page may have another one by now. */
  hangUpIf(connection: Connection): void {
    connection.open = false;
    if (this.connection === connection) this.connection = undefined;
  }

  /** Of that number it receives none, since a later one says the same. Its offset stays: it does not know. */
  passOver(number: number): void {
    this.#without.add(number);
  }

  /** An event arrives. */
  receive(number: number, packet: string): void {
    for (let due = this.offset + 1; due < number; due += 1) {
      if (!this.#without.has(due)) this.faults.push(`${this.name} got event ${number} after ${this.offset}`);
    }
    if (number <= this.offset) this.faults.push(`${this.name} got event ${number} again`);
    this.offset = number;
    this.#without.clear();
    const [name, content] = JSON.parse(packet) as [string, unknown];
    if (name === "offer") this.#hear((content as { offer: ReceivedSignal }).offer);
    else this.see(name, content);
  }

  #hear(signal: ReceivedSignal): void {
    this.faults.push(...(this.inbox?.receive(signal) ?? []).map((fault) => `${this.name}: ${fault}`));
  }

  /** What it believes now. */
  protected see(name: string, payload: unknown): void {
    this.#isUnsure = this.mayBeNowhere = false;
    const content = payload as { roomId?: RoomId; type?: string; initiator?: boolean };
    if (name === "waiting_for_partner") this.#wait();
    if (name === "partner_found" && content.roomId !== undefined)
      this.#find(content.roomId, content.initiator === true);
    if (name === "partner_disconnected") this.view = "idle";
    if (name === "error" && content.type === "replaced") {
      this.view = "idle";
      this.unanswered = [];
    }
  }

  /** Once at most for each time that it asked. */
  #wait(): void {
    this.#waits += 1;
    if (this.#waits > this.#requests) this.faults.push(`${this.name} was told that it waits, and had not asked again`);
    this.view = "waiting";
  }

  /** The first of two knows that it waits when it is told of its partner. */
  #find(room: RoomId, isFirst: boolean): void {
    const isRepeated = typeof this.view === "object" && this.view.room === room;
    if (isFirst && !isRepeated && this.view !== "waiting")
      this.faults.push(`${this.name} is the first in ${room}, and was not told that it waits`);
    this.view = { room };
  }

  /** A request was refused, and would be again. */
  refused(_request: Request): void {}

  /** A request was carried out, or refused because there was nothing to do. */
  answered(request: Request): void {
    this.unanswered = this.unanswered.filter((other) => other !== request);
    if (isForPartner(request)) this.#isUnsure = true;
    if (request.kind === "stop" && this.#isUnsure) this.mayBeNowhere = true;
    if (request.kind === "stop" && this.view === "waiting") this.view = "idle";
    if (request.kind === "leave" && typeof this.view === "object" && this.view.room === request.room)
      this.view = "idle";
  }
}

function isForPartner({ kind }: Request): boolean {
  return kind === "join" || kind === "next";
}
