import type { CallState } from "@switchyard/client/call";
import type { ChatLine } from "@switchyard/client-types/chat";
import { noCall } from "../../shared/call/call-keeper.ts";
import type { Conversation, WritingEvent } from "../../shared/chat/conversation.ts";
import { newVisit, type Visit, type VisitEvent } from "../../shared/visit.ts";
import type { Account } from "./account.ts";

/**
 * A call with another user, `peer`. `asking`: waiting for the own camera, then the call is made or taken; `calling`: it rings there;
 * `ringing`: it rings here.
 */
export type Call =
  | { name: "none" }
  | { name: "asking"; peer: string; goal: "call" | "accept" }
  | { name: "ringing"; peer: string }
  | { name: "calling" | "active"; peer: string; key: string; initiator: boolean; view: CallState };

type Phase = { name: "login"; busy: boolean; problem: string | null } | { name: "chat"; account: Account };

export interface ChatState extends Visit {
  phase: Phase;
  lines: Conversation;
  /** Whether there may be older messages; `loading`: they have been asked for. */
  earlier: "none" | "some" | "loading";
  /** The users online, this person included; `total` also counts those that are not listed. */
  online: { names: readonly string[]; total: number };
  call: Call;
}

export type ChatEvent =
  | VisitEvent
  | WritingEvent
  | { type: "logging-in" }
  | { type: "logged-in"; account: Account }
  | { type: "logged-out"; problem: string | null }
  | { type: "history"; messages: readonly ChatLine[] }
  | { type: "said"; message: ChatLine }
  | { type: "loading-earlier" }
  | { type: "earlier"; messages: readonly ChatLine[]; hasMore: boolean }
  | { type: "online"; names: readonly string[]; total: number }
  | { type: "asked-camera"; peer: string; goal: "call" | "accept" }
  | { type: "rung"; peer: string }
  | { type: "calling"; peer: string; key: string }
  | { type: "taken"; peer: string; key: string }
  | { type: "answered" }
  | { type: "call-changed"; key: string; view: CallState }
  | { type: "call-over"; notice: string | null };

export const noActiveCall: Call = { name: "none" };

export function initialState(account: Account | null): ChatState {
  return {
    ...newVisit,
    phase: account ? { name: "chat", account } : { name: "login", busy: false, problem: null },
    lines: [],
    earlier: "none",
    online: { names: [], total: 0 },
    call: noActiveCall,
  };
}

export function startedCall(name: "calling" | "active", peer: string, key: string): Call {
  return { name, peer, key, initiator: name === "calling", view: noCall };
}

/** The other side of the person's call, current or about to begin. */
export function peerOf({ call }: ChatState): string | null {
  return call.name === "none" ? null : call.peer;
}

export function accountOf({ phase }: ChatState): Account | null {
  return phase.name === "chat" ? phase.account : null;
}

export function tokenOf(state: ChatState): string | undefined {
  return accountOf(state)?.token;
}

export function ownName(state: ChatState): string | null {
  return accountOf(state)?.username ?? null;
}
