import { CallScreen } from "../../shared/call/CallScreen.tsx";
import type { OwnMedia } from "../../shared/media/own-media.ts";
import { FullScreen } from "./FullScreen.tsx";
import { LobbyScreen } from "./LobbyScreen.tsx";
import { RingingScreen } from "./RingingScreen.tsx";
import type { MatchSession } from "./session.ts";
import type { InMatch } from "./state.ts";

interface MatchScreenProps {
  session: MatchSession;
  match: InMatch;
  own: OwnMedia;
}

export function MatchScreen({ session, match, own }: MatchScreenProps) {
  const { place, seat, call, other } = match;
  if (seat === "full") return <FullScreen matchId={place.matchId} onLeave={() => session.leave()} />;
  if (call.name === "active") {
    return <CallScreen view={call.view} own={own} actions={session.visit} onEnd={() => session.end()} />;
  }
  if (call.name === "ringing" && other !== null) {
    return (
      <RingingScreen
        from={other}
        onAccept={() => void session.accept()}
        onReject={(reason) => session.reject(reason)}
      />
    );
  }
  return <LobbyScreen session={session} match={match} />;
}
