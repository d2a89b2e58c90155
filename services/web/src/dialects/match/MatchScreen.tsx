import { CallScreen } from "../../shared/call/CallScreen.tsx";
import { useFocusOnMount } from "../../shared/hooks/use-page-life.ts";
import type { OwnMedia } from "../../shared/media/own-media.ts";
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

/** At the door of a match that has its two already. */
function FullScreen({ matchId, onLeave }: { matchId: string; onLeave(): void }) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  return (
    <section className="waiting" aria-labelledby="full-title">
      <h1 id="full-title" ref={heading} tabIndex={-1}>
        This match is full
      </h1>
      <p className="lead">
        There are two in <bdi className="name">{matchId}</bdi> already. You come in as soon as one of them leaves.
      </p>
      <button type="button" className="button" data-testid="leave" onClick={onLeave}>
        Choose another match
      </button>
    </section>
  );
}
