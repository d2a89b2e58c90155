import type { AckFields, Command } from "@switchyard/dialects";
import type { Request } from "../request.ts";
import { Page } from "./page.ts";

/** A page of a dialect whose rooms clients name: what it was told adds up to the room that it is in, and who else is. */
export abstract class RoomPage extends Page {
  room: string | undefined;
  /** By what the others are called: users or participants. */
  roster: readonly string[] = [];
  /** The last list that it was told, as text; `undefined` where none is told. */
  list: string | undefined;
  /** What was said there, as it was told. */
  messages: readonly string[] = [];
  /** The messages that it was told are kept. */
  readonly acknowledged: string[] = [];
  /** It was refused that room. */
  displaced = false;

  /** A request to enter a room, or to change something in it. */
  abstract enter(room: string, variant: number): Request;
  abstract change(room: string, variant: number): Request | undefined;

  override forget(): void {
    super.forget();
    this.#beNowhere();
  }

  /** Who is refused the room in which it believes itself has lost its place there, by an earlier attempt to come in anew. */
  override refused(request: Request): void {
    if (request.kind !== "event") return;
    const { roomId, matchId } = request.payload as { roomId?: string; matchId?: string };
    if (this.room === (roomId ?? matchId)) this.displaced = true;
  }

  /** An event of its dialect, to be sent. */
  protected event(command: Command, payload: unknown): Request {
    const acknowledge = ({ id }: AckFields) => {
      if (typeof id === "string") this.acknowledged.push(id);
    };
    return { kind: "event", command, payload, acknowledge };
  }

  protected welcomed(room: string, members: readonly string[], messages: readonly string[] = []): void {
    if (new Set(members).size !== members.length) this.faults.push(`${this.name} was told of ${members}`);
    this.room = room;
    this.roster = members;
    this.messages = messages;
    this.displaced = false;
  }

  /** @param mayReplace whether it may be told of one who is there already, by another connection */
  protected came(who: string, mayReplace: boolean): void {
    this.#expectRoom(`that ${who} came`);
    if (!this.roster.includes(who)) this.roster = [...this.roster, who];
    else if (!mayReplace) this.faults.push(`${this.name} was told twice that ${who} came`);
  }

  protected went(who: string): void {
    this.#expectRoom(`that ${who} went`);
    if (!this.roster.includes(who)) this.faults.push(`${this.name} was told that ${who} went, who was not there`);
    this.roster = this.roster.filter((other) => other !== who);
  }

  protected listed(list: string): void {
    this.#expectRoom("who is there");
    this.list = list;
  }

  protected received(message: string): void {
    this.#expectRoom("what was said");
    if (this.messages.includes(message)) this.faults.push(`${this.name} was told ${message} twice`);
    this.messages = [...this.messages, message];
  }

  protected out(): void {
    this.#beNowhere();
    this.unanswered = [];
  }

  #beNowhere(): void {
    this.room = undefined;
    this.roster = [];
    this.messages = [];
    this.list = undefined;
    this.displaced = false;
  }

  #expectRoom(what: string): void {
    if (this.room === undefined) this.faults.push(`${this.name} was told ${what}, and is in no room`);
  }
}
