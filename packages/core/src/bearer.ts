import type { DialectName, UserId } from "@switchyard/protocol";

/** What the token of a connection says: who it stands for, and what it may use. Verified at every connect and every recovery. */
export interface Bearer {
  /** The only user that its sessions can stand for (`sub`). */
  readonly user: UserId;
  /** The only dialect that it may speak; any, if the token names none. */
  readonly dialect: DialectName | undefined;
  /** The only room, match or call, as the client names it, that it may be in; any, if the token names none. */
  readonly room: string | undefined;
}
