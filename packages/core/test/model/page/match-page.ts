import { dialects } from "@switchyard/dialects";
import { roomNamed } from "@switchyard/protocol";
import type { Request } from "../request.ts";
import { RoomPage } from "./room-page.ts";

const commands = dialects.find(({ name }) => name === "match")?.commands;

/** A page of `match`. */
export class MatchPage extends RoomPage {
  override enter(matchId: string, variant: number): Request {
    const userId = variant % 5 === 4 ? `${this.user}-2` : this.user;
    return this.event(commandNamed("register"), { userId, matchId });
  }

  override get signalRoom(): string | undefined {
    return this.room === undefined ? undefined : roomNamed("match", this.room);
  }

  override change(): undefined {
    return undefined;
  }

  protected override see(name: string, payload: unknown): void {
    const { matchId, participants, userId } = payload as { matchId: string; participants: string[]; userId: string };
    if (name === "joined") this.welcomed(matchId, participants);
    if (name === "user-joined") this.came(userId, true);
    if (name === "user-left") this.went(userId);
    if (name === "error") this.out();
  }
}

function commandNamed(name: string) {
  const command = commands?.get(name);
  if (!command) throw new Error(`there is no ${name}`);
  return command;
}
