import { type Connection, type ContentsOf, connect } from "@switchyard/client";
import {
  type ClientToServerEvents,
  type RoomsOptions,
  rooms,
  type ServerToClientEvents,
} from "@switchyard/client/rooms";
import { Group } from "../session/group.ts";
import { Live } from "../session/live.ts";
import type { Opening, ServerOptions } from "../session/use-session.ts";

export type MeetingConnection = Connection<ClientToServerEvents, ServerToClientEvents, RoomsOptions>;
export type Participant = Parameters<ServerToClientEvents["participants-updated"]>[0][number];
export type MeetingMessage = Parameters<ServerToClientEvents["new-message"]>[0];
export type MeetingReport = ContentsOf<ClientToServerEvents["report_user"]>[0];

export interface MeetingOwn {
  /** This participant's id; null: not in the meeting. */
  readonly ownId: string | null;
  /** All who are in it, this one included. */
  readonly participants: readonly Participant[];
  /** Oldest first. */
  readonly messages: readonly MeetingMessage[];
  /** For `useMesh`: there while this user is in the meeting. */
  readonly group: Group<MeetingConnection> | null;
}

export const noMeeting: MeetingOwn = { ownId: null, participants: [], messages: [], group: null };

/** The media of this participant, as the others are shown it. */
export interface MediaFlags {
  isAudioMuted: boolean;
  isVideoOff: boolean;
  isScreenSharing: boolean;
}

/** A meeting: its participants and its messages. */
export class MeetingSession extends Live<MeetingOwn, MeetingConnection> {
  readonly #options: RoomsOptions;
  #shown: MediaFlags = { isAudioMuted: false, isVideoOff: false, isScreenSharing: false };

  constructor({ url, ...options }: Opening<RoomsOptions & ServerOptions>) {
    super(connect(url, { ...options, dialect: rooms }), noMeeting);
    this.#options = options;
    const { connection } = this;
    connection.on("joined-room", ({ participantId, participants, messages }) => {
      const ids = participants.map(({ id }) => id);
      const group = new Group(connection, participantId, undefined, ids);
      this.#shown = { isAudioMuted: false, isVideoOff: false, isScreenSharing: false };
      this.set({ ownId: participantId, participants, messages, group });
    });
    connection.on("user-joined", ({ participant }) => {
      this.set({ participants: [...without(this.get().participants, participant.id), participant] });
      this.get().group?.joined(participant.id);
    });
    connection.on("user-left", ({ participantId }) => {
      this.set({ participants: without(this.get().participants, participantId) });
      this.get().group?.left(participantId);
    });
    connection.on("participants-updated", (participants) => this.set({ participants }));
    connection.on("new-message", (message) => this.set({ messages: [...this.get().messages, message] }));
    connection.on("message-removed", ({ id }) =>
      this.set({ messages: this.get().messages.filter((message) => message.id !== id) }),
    );
  }

  async sendMessage(text: string): Promise<void> {
    await this.connection.send("send-message", { message: text });
  }

  /** Shows the others whether this participant is muted, without a picture, or shares a screen; only changes are sent. */
  async show(flags: MediaFlags): Promise<void> {
    const { connection } = this;
    const former = this.#shown;
    this.#shown = flags;
    const { isAudioMuted, isVideoOff, isScreenSharing } = flags;
    await Promise.all([
      former.isAudioMuted !== isAudioMuted && connection.deliver("toggle-audio", [{ isAudioMuted }]),
      former.isVideoOff !== isVideoOff && connection.deliver("toggle-video", [{ isVideoOff }]),
      former.isScreenSharing !== isScreenSharing && connection.deliver("toggle-screen-share", [{ isScreenSharing }]),
    ]);
  }

  async leave(): Promise<void> {
    this.set(noMeeting);
    await this.connection.send("leave-room");
  }

  /** Comes back after `leave`. */
  async join(): Promise<void> {
    const { roomId, userName } = this.#options;
    await this.connection.send("join-room", { roomId, userName });
  }

  /** Reports a participant to the operators. @returns the report's id */
  async report(report: MeetingReport): Promise<string> {
    return (await this.connection.send("report_user", report)).reportId;
  }
}

function without(participants: readonly Participant[], id: string): Participant[] {
  return participants.filter((participant) => participant.id !== id);
}
