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
    this.unanswered = [];
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
    const content = payload as { roomId?: RoomId; type?: string };
    if (name === "waiting_for_partner") this.view = "waiting";
    if (name === "partner_found" && content.roomId !== undefined) this.view = { room: content.roomId };
    if (name === "partner_disconnected") this.view = "idle";
    if (name === "error" && content.type === "replaced") {
      this.view = "idle";
      this.unanswered = [];
    }
  }

  /** A request was refused, and would be again. */
  refused(_request: Request): void {}

  /** A request was carried out, or refused because there was nothing to do. */
  answered(request: Request): void {
    this.unanswered = this.unanswered.filter((other) => other !== request);
    if (request.kind === "stop" && this.view === "waiting") this.view = "idle";
    if (request.kind === "leave" && typeof this.view === "object" && this.view.room === request.room)
      this.view = "idle";
  }
}
