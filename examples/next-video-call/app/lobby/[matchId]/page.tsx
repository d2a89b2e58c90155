"use client";

import { useIceServers, useSignaling } from "@switchyard/react";
import { useParams, useSearchParams } from "next/navigation";
import { Suspense, useState } from "react";

function Lobby() {
  const { matchId } = useParams<{ matchId: string }>();
  const userId = useSearchParams().get("me") ?? "ada";
  const [log, setLog] = useState<string[]>([]);
  const add = (line: string) => setLog((former) => [...former, line]);
  const { iceServers, loading, error } = useIceServers();
  const { isConnected, participants, connectionError, initiateCall, acceptCall, endCall } = useSignaling(
    { userId, matchId, enabled: true },
    {
      onUserJoined: (id) => add(`${id} has come`),
      onUserLeft: (id) => add(`${id} has gone`),
      onIncomingCall(from) {
        add(`${from} calls`);
        acceptCall(from);
      },
      onCallAccepted: (from) => add(`${from} takes the call`),
      onCallEnded: (from) => add(`${from} has hung up`),
      onError: ({ message }) => add(message),
    },
  );
  const other = participants.find((id) => id !== userId);
  return (
    <main>
      <h1>Lobby</h1>
      <p role="status">{connectionError ?? (isConnected ? `Here: ${participants.join(", ")}` : "Connecting")}</p>
      <p>{loading ? "Asking for ICE servers" : (error ?? `${iceServers.length} ICE servers`)}</p>
      <button type="button" disabled={!other} onClick={() => other && initiateCall(other)}>
        Call
      </button>
      <button type="button" onClick={() => endCall()}>
        Hang up
      </button>
      <ol>
        {log.map((line, index) => (
          <li key={`${index} ${line}`}>{line}</li>
        ))}
      </ol>
    </main>
  );
}

export default function Page() {
  return (
    <Suspense>
      <Lobby />
    </Suspense>
  );
}
