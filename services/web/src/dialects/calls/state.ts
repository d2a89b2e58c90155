import type { MeshState } from "@switchyard/client/call";
import type { CallUser } from "@switchyard/client-types/calls";
import { newVisit, type Visit, type VisitEvent } from "../../shared/visit.ts";

/** `coming`: the server has not said yet that it knows the person. */
type Phase =
  | { name: "start" }
  | { name: "coming"; me: CallUser }
  | { name: "online"; me: CallUser }
  | { name: "replaced"; me: CallUser };

export interface Invitation {
  callId: string;
  from: string;
  isVideo: boolean;
}

export interface GroupCall {
  id: string;
  isVideo: boolean;
  /** `asking`: waiting for the own camera; `entering`: waiting for the server. */
  stage: "asking" | "entering" | "in";
  /** How often the person has come into this call; connections of an earlier time are void. */
  time: number;
  /** This person among them. */
  participants: readonly CallUser[];
  /** By user id. */
  views: MeshState["calls"];
}

export interface CallsState extends Visit {
  phase: Phase;
  /** The users online, this person among them. */
  users: readonly CallUser[];
  invitations: readonly Invitation[];
  call: GroupCall | null;
}

export type CallsEvent =
  | VisitEvent
  | { type: "named"; me: CallUser }
  | { type: "came-online" }
  | { type: "left" }
  | { type: "replaced" }
  | { type: "users"; users: readonly CallUser[] }
  | { type: "user-came"; user: CallUser }
  | { type: "user-went"; userId: string }
  | { type: "invited"; invitation: Invitation }
  | { type: "invitation-over"; callId: string }
  | { type: "call-wanted"; callId: string; isVideo: boolean }
  | { type: "call-entering" }
  | { type: "call-entered"; callId: string; participants: readonly CallUser[] }
  | { type: "participants"; callId: string; participants: readonly CallUser[] }
  | { type: "calls-changed"; views: MeshState["calls"] }
  | { type: "call-over"; notice: string | null };

export const initialState: CallsState = {
  ...newVisit,
  phase: { name: "start" },
  users: [],
  invitations: [],
  call: null,
};

/** The person's user, while they want to be online. */
export function me({ phase }: CallsState): CallUser | null {
  return phase.name === "coming" || phase.name === "online" ? phase.me : null;
}

/** Everyone online but the person. */
export function others({ users, phase }: Pick<CallsState, "users" | "phase">): readonly CallUser[] {
  return phase.name === "start" ? users : users.filter(({ id }) => id !== phase.me.id);
}
