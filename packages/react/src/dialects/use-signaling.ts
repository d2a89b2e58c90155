import type { Candidate, CommandError, Description } from "@switchyard/client";
import { useEffect, useMemo, useRef } from "react";
import type { ServerOptions } from "../session/use-session.ts";
import { useMatch } from "./use-match.ts";

export interface SignalingOptions extends Omit<ServerOptions, "key"> {
  userId: string;
  matchId: string;
}

/** Called with the newest props and state: no callback has to be kept the same. */
export interface SignalingCallbacks {
  onOffer?(offer: Description, from: string): void;
  onAnswer?(answer: Description, from: string): void;
  onIceCandidate?(candidate: Candidate, from: string): void;
  onIncomingCall?(from: string): void;
  onCallAccepted?(from: string): void;
  onCallRejected?(from: string, reason?: string): void;
  onCallEnded?(from: string): void;
  onUserJoined?(userId: string): void;
  onUserLeft?(userId: string): void;
  onError?(error: { type: string; message: string }): void;
}

/** Each returns whether there is a connection to send it by; it is sent once that has come back, and refused by `onError`. */
export interface Signaling {
  isConnected: boolean;
  isConnecting: boolean;
  connectionError: string | null;
  /** The own id included. */
  participants: string[];
  sendOffer(offer: Description, to: string): boolean;
  sendAnswer(answer: Description, to: string): boolean;
  sendIceCandidate(candidate: Candidate, to: string): boolean;
  initiateCall(to: string): boolean;
  acceptCall(to: string): boolean;
  rejectCall(to: string, reason?: string): boolean;
  endCall(to?: string): boolean;
}

/** The signals of a match for pages that have WebRTC code of their own; `VideoCall` has none to be written. */
export function useSignaling(options: SignalingOptions, callbacks: SignalingCallbacks = {}): Signaling {
  const { userId, matchId, enabled = true, ...others } = options;
  const isWanted = enabled && userId !== "" && matchId !== "";
  const { connection, status, error, participants } = useMatch({ ...others, userId, matchId, enabled: isWanted });
  const newest = useRef(callbacks);
  useEffect(() => {
    newest.current = callbacks;
  });
  useEffect(() => {
    if (!connection) return;
    const ends = [
      connection.on("offer", ({ offer, from }) => newest.current.onOffer?.(offer, from)),
      connection.on("answer", ({ answer, from }) => newest.current.onAnswer?.(answer, from)),
      connection.on("ice-candidate", ({ candidate, from }) => newest.current.onIceCandidate?.(candidate, from)),
      connection.on("incoming-call", ({ from }) => newest.current.onIncomingCall?.(from)),
      connection.on("call-accepted", ({ from }) => newest.current.onCallAccepted?.(from)),
      connection.on("call-rejected", ({ from, reason }) => newest.current.onCallRejected?.(from, reason)),
      connection.on("call-ended", ({ from }) => newest.current.onCallEnded?.(from)),
      connection.on("user-joined", ({ userId: id }) => newest.current.onUserJoined?.(id)),
      connection.on("user-left", ({ userId: id }) => newest.current.onUserLeft?.(id)),
      connection.on("error", ({ type, message }) => newest.current.onError?.({ type, message })),
      connection.on("server-shutdown", ({ message }) => newest.current.onError?.({ type: "server_shutdown", message })),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [connection]);
  useEffect(() => {
    if (error) newest.current.onError?.({ type: error.code, message: error.message });
  }, [error]);
  const commands = useMemo(() => {
    const sent = (command: (link: NonNullable<typeof connection>) => Promise<unknown>): boolean => {
      if (!connection) return false;
      command(connection).catch(({ code, message }: CommandError) => newest.current.onError?.({ type: code, message }));
      return ["connected", "recovered", "draining"].includes(connection.state.get().status);
    };
    return {
      sendOffer: (offer: Description, to: string) => sent((link) => link.deliver("offer", [{ offer, to }])),
      sendAnswer: (answer: Description, to: string) => sent((link) => link.deliver("answer", [{ answer, to }])),
      sendIceCandidate: (candidate: Candidate, to: string) =>
        sent((link) => link.deliver("ice-candidate", [{ candidate, to }])),
      initiateCall: (to: string) => sent((link) => link.deliver("initiate-call", [{ to }])),
      acceptCall: (to: string) => sent((link) => link.deliver("accept-call", [{ to }])),
      rejectCall: (to: string, reason?: string) => sent((link) => link.deliver("reject-call", [{ to, reason }])),
      endCall: (to?: string) => sent((link) => link.deliver("end-call", [{ to }])),
    };
  }, [connection]);
  return {
    isConnected: status === "connected" || status === "recovered" || status === "draining",
    isConnecting: isWanted && (status === "connecting" || status === "recovering"),
    connectionError: error?.message ?? null,
    participants: [...participants],
    ...commands,
  };
}
