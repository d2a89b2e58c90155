import { CopyLink } from "../../shared/CopyLink.tsx";
import { useFocusOnMount } from "../../shared/hooks/use-page-life.ts";
import { hashOf } from "../../shared/route.ts";
import type { MatchSession } from "./session.ts";
import type { InMatch } from "./state.ts";

/** In the match, without a call. */
export function LobbyScreen({ session, match }: { session: MatchSession; match: InMatch }) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  const { place, other, call } = match;
  const busy = call.name !== "none";
  return (
    <section className="waiting" aria-labelledby="lobby-title">
      <h1 id="lobby-title" ref={heading} tabIndex={-1}>
        {titleOf(match)}
      </h1>
      <p className="lead">
        You are <bdi className="name">{place.userId}</bdi> in match{" "}
        <bdi className="name" data-testid="match">
          {place.matchId}
        </bdi>
        .
      </p>
      <div className="room-actions">
        <button
          type="button"
          className="button button-primary"
          data-testid="call"
          disabled={other === null || busy}
          onClick={() => void session.call()}
        >
          Call
        </button>
        {busy ? (
          <button type="button" className="button" data-testid="cancel" onClick={() => session.end()}>
            Cancel
          </button>
        ) : (
          <button type="button" className="button" data-testid="leave" onClick={() => session.leave()}>
            Leave
          </button>
        )}
      </div>
      <CopyLink
        hash={hashOf("match", { match: place.matchId })}
        hint="Open it in another window to be the other one."
      />
    </section>
  );
}

function titleOf({ seat, other, call }: InMatch): string {
  if (seat === "asking") return "Entering the match";
  if (other === null) return "Waiting for the other one";
  if (call.name === "asking") return "Please allow the camera and microphone";
  return call.name === "calling" ? `Calling ${other}` : `${other} is here`;
}
