import type { Json } from "./core-event.ts";
import type { SessionId, UserId } from "./ids.ts";

/** What a member of a meeting shows of itself. */
export const flagNames = ["audioMuted", "videoOff", "screenSharing"] as const;
export type Flag = (typeof flagNames)[number];
export type Flags = Readonly<Record<Flag, boolean>>;
export const noFlags: Flags = { audioMuted: false, videoOff: false, screenSharing: false };

/** What a dialect knows of a person, as its client gave it: passed on to others, read by nobody but the dialect. */
export type Profile = { readonly [key: string]: Json };

/** Somebody in a match, call or meeting. `joined` is Unix time in ms. */
export interface Member {
  readonly session: SessionId;
  readonly user: UserId;
  readonly profile: Profile;
  readonly flags: Flags;
  readonly joined: number;
}
