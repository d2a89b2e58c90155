import type { SignalChannel } from "@switchyard/client/call";
import type { chat } from "@switchyard/client-types";
import type { WantedCall } from "../../shared/call/call-keeper.ts";
import type { PageConnection } from "../../shared/connection/connection.ts";
import type { ChatState } from "./state.ts";

export type ChatConnection = PageConnection<chat.ClientToServerEvents, chat.ServerToClientEvents>;

/**
 * The caller's offer is what rings at the other side: so there is a call from then on. Another page of the other side rings anew.
 * @param rung the signals of the call that was taken here
 */
export function wantedCall({ call }: ChatState, rung: SignalChannel | undefined): WantedCall | null {
  if (call.name !== "calling" && call.name !== "active") return null;
  const { key, peer, initiator } = call;
  return { key, to: peer, initiator, polite: !initiator, renewable: false, signals: initiator ? undefined : rung };
}

/** The camera is wanted from before a call until it is over. */
export function wantsMedia({ call }: ChatState): boolean {
  return call.name === "asking" || call.name === "calling" || call.name === "active";
}
