import { dialects } from "@switchyard/dialects";
import type { Request } from "../request.ts";
import { RoomPage } from "./room-page.ts";

const commands = dialects.find(({ name }) => name === "rooms")?.commands;

interface Payload {
  readonly roomId: string;
  readonly participantId: string;
  readonly participants: readonly { readonly id: string }[];
  readonly messages: readonly { readonly id: string }[];
  readonly id: string;
}

/** A page of `rooms`. */
export class MeetingPage extends RoomPage {
  override enter(roomId: string, variant: number): Request {
    return this.event(commandNamed("join-room"), {
      roomId,
      userName: variant % 5 === 4 ? `${this.user}-2` : this.user,
    });
  }

  /** A participant is a connection: those of one page are strangers to one another. */
  override get signalRoom(): undefined {
    return undefined;
  }

  override change(roomId: string, variant: number): Request {
    if (variant % 4 === 3) return this.event(commandNamed("send-message"), { roomId, message: "hello" });
    if (variant % 3 === 0) return this.event(commandNamed("leave-room"), { roomId });
    return this.event(commandNamed("toggle-audio"), { roomId, isAudioMuted: variant % 2 === 0 });
  }

  protected override see(name: string, payload: unknown): void {
    const { roomId, participantId, participants, messages, id } = payload as Payload;
    if (name === "joined-room") {
      this.welcomed(
        roomId,
        participants.map((one) => one.id),
        messages.map((one) => one.id),
      );
      this.listed(JSON.stringify(participants));
    }
    if (name === "user-joined") this.came(participantId, false);
    if (name === "user-left") this.went(participantId);
    if (name === "participants-updated") this.listed(JSON.stringify(payload));
    if (name === "new-message") this.received(id);
    if (name === "left-room" && roomId === this.room) this.out();
    if (name === "error") this.out();
  }
}

function commandNamed(name: string) {
  const command = commands?.get(name);
  if (!command) throw new Error(`there is no ${name}`);
  return command;
}
