"use client";

import { VideoCall } from "@switchyard/react";
import { useRouter } from "next/navigation";

interface Props {
  matchId: string;
  userId: string;
  otherUserId: string;
}

export function VideoCallPage({ matchId, userId, otherUserId }: Props) {
  const router = useRouter();
  return (
    <main>
      <h1>Your call</h1>
      <VideoCall
        matchId={matchId}
        userId={userId}
        otherUserId={otherUserId}
        otherUserName={otherUserId}
        onEndCall={() => router.push("/")}
      />
    </main>
  );
}
