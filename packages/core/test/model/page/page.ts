import type { RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { Request } from "../request.ts";

/** Where a client believes that it is, by what it was told. */
export type View = "idle" | "waiting" | { readonly room: RoomId };

/** One transport between a page and the node that took it. */
export class Connection {
  readonly page: Page;
  open = true;
  /** Its client closed it of its own, for good. */
  hasDisconnected = false;

  constructor(page: Page) {
    this.page = page;
  }
}

/** A browser's page: knows only what came over its connections, as a stock client does. */
export class Page {
  readonly name: string;
  readonly user: UserId;
  connection: Connection | undefined;
  session: { readonly id: SessionId; readonly secret: string } | undefined;
  /** The last event that it has had. */
  offset = 0;
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
  }

  forget(): void {
    this.session = undefined;
    this.offset = 0;
    this.view = "idle";
    this.#requests = this.#waits = 0;
    this.#isUnsure = this.mayBeNowhere = false;
    this.unanswered = [];
  }

  /** It sends a request, be it once more. */
  asks(request: Request): void {
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

  /** An event arrives. */
  receive(number: number, packet: string): void {
    if (number !== this.offset + 1) this.faults.push(`${this.name} got event ${number} after ${this.offset}`);
    this.offset = number;
    const [name, content] = JSON.parse(packet) as [string, unknown];
    this.see(name, content);
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
