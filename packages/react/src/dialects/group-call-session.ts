import { type Connection, type ContentsOf, connect } from "@switchyard/client";
import {
  type CallsOptions,
  type ClientToServerEvents,
  calls,
  type ServerToClientEvents,
} from "@switchyard/client/calls";
import { Group } from "../session/group.ts";
import { Live } from "../session/live.ts";
import type { Opening, ServerOptions } from "../session/use-session.ts";

export type GroupCallConnection = Connection<ClientToServerEvents, ServerToClientEvents, CallsOptions>;
export type CallUser = Parameters<ServerToClientEvents["user-joined"]>[0];
export type CallReport = Omit<ContentsOf<ClientToServerEvents["report_user"]>[0], "callId">;

export interface Invitation {
  readonly callId: string;
  /** The user that started the call; the name is the id where it is not known. */
  readonly from: CallUser;
  readonly isVideo: boolean;
}

export interface GroupCallOwn {
  /** The users online, this one included. */
  readonly users: readonly CallUser[];
  readonly invitations: readonly Invitation[];
  readonly call: { readonly id: string; readonly participants: readonly CallUser[] } | null;
  /** For `useMesh`: there while this user is in a call. */
  readonly group: Group<GroupCallConnection> | null;
}

export const noGroupCall: GroupCallOwn = { users: [], invitations: [], call: null, group: null };

/** Users online, and the one call that this user is in. */
export class GroupCallSession extends Live<GroupCallOwn, GroupCallConnection> {
  readonly #own: CallUser;

  constructor({ url, ...options }: Opening<CallsOptions & ServerOptions>) {
    super(connect(url, { ...options, dialect: calls }), noGroupCall);
    this.#own = { id: options.userId, username: options.userName, joinedAt: options.joinedAt };
    const { connection } = this;
    connection.on("users-list", (users) => this.set({ users }));
    connection.on("user-joined", (user) => this.set({ users: [...without(this.get().users, user.id), user] }));
    connection.on("user-left", (id) => this.set({ users: without(this.get().users, id) }));
    connection.on("incoming-call", ({ callId, initiator, isVideo }) => {
      const from = this.#userOf(initiator);
      this.set({ invitations: [...this.#uninvited(callId), { callId, from, isVideo }] });
    });
    connection.on("call-started", ({ callId }) => this.#enter(callId, [this.#own]));
    connection.on("call-participants", ({ callId, participants }) => this.#enter(callId, participants));
    connection.on("user-joined-call", ({ callId, user, participants }) => {
      const { call, group } = this.get();
      if (call?.id !== callId) return;
      this.set({ call: { id: callId, participants } });
      group?.joined(user.id);
    });
    connection.on("user-left-call", ({ callId, userId, participants }) => {
      const { call, group } = this.get();
      if (call?.id !== callId) return;
      this.set({ call: { id: callId, participants } });
      group?.left(userId);
    });
  }

  /** Starts a call, and invites others. @returns its id */
  async start(userIds: readonly string[], { isVideo = true, id = newId() } = {}): Promise<string> {
    await this.leave();
    await this.connection.deliver("start-call", [{ id, participants: [...userIds], isVideo }]);
    return id;
  }

  async join(callId: string): Promise<void> {
    if (this.get().call?.id !== callId) await this.leave();
    this.decline(callId);
    await this.connection.deliver("join-call", [{ callId }]);
  }

  /** Forgets an invitation; nobody learns of it. */
  decline(callId: string): void {
    this.set({ invitations: this.#uninvited(callId) });
  }

  async leave(): Promise<void> {
    const { call } = this.get();
    if (!call) return;
    this.set({ call: null, group: null });
    await this.connection.deliver("leave-call", [{ callId: call.id }]);
  }

  /** Reports somebody in the call to the operators. @returns the report's id */
  async report(callId: string, report: CallReport): Promise<string> {
    return (await this.connection.send("report_user", { ...report, callId })).reportId;
  }

  protected override onMissed(): void {
    const { call } = this.get();
    if (!call) return;
    this.set({ group: null });
    this.connection
      .deliver("join-call", [{ callId: call.id }], () => this.get().call?.id === call.id)
      .catch(() => this.get().call?.id === call.id && this.set({ call: null }));
  }

  #enter(callId: string, participants: readonly CallUser[]): void {
    const ids = participants.map(({ id }) => id);
    const group = new Group(this.connection, this.#own.id, callId, ids);
    this.set({ call: { id: callId, participants }, group, invitations: this.#uninvited(callId) });
  }

  #userOf(user: string | { id: string; username?: string | null | undefined }): CallUser {
    const given = typeof user === "string" ? { id: user, username: user } : { username: user.id, ...user };
    const { id, username } = given;
    return this.get().users.find((known) => known.id === id) ?? { id, username: username ?? id };
  }

  #uninvited(callId: string): readonly Invitation[] {
    return this.get().invitations.filter((invitation) => invitation.callId !== callId);
  }
}

function without(users: readonly CallUser[], userId: string): CallUser[] {
  return users.filter(({ id }) => id !== userId);
}

function newId(): string {
  return `call-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
}
