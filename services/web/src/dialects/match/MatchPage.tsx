import { DialectPage } from "../../shared/DialectPage.tsx";
import { useSession } from "../../shared/hooks/use-session.ts";
import { ReplacedScreen } from "../../shared/ReplacedScreen.tsx";
import { MatchScreen } from "./MatchScreen.tsx";
import { StartScreen } from "./StartScreen.tsx";
import { MatchSession } from "./session.ts";
import { currentMatch, type MatchState } from "./state.ts";
import { statusText } from "./status-text.ts";

/** A call between two who know the id of their match. */
export function MatchPage({ parameters }: { parameters: URLSearchParams }) {
  const [session, state] = useSession(createSession);
  return (
    <DialectPage
      session={session}
      state={state}
      status={statusText(state)}
      begun={state.phase.name !== "start"}
      place={{ name: "Match", id: currentMatch(state)?.place.matchId }}
    >
      <Screen session={session} state={state} matchId={parameters.get("match")} />
    </DialectPage>
  );
}

function Screen({ session, state, matchId }: { session: MatchSession; state: MatchState; matchId: string | null }) {
  const { phase, own } = state;
  switch (phase.name) {
    case "start":
      return <StartScreen key={matchId} matchId={matchId} onEnter={(place) => session.enter(place)} />;
    case "match":
      return <MatchScreen session={session} match={phase} own={own} />;
    case "replaced":
      return <ReplacedScreen reason="A user id stands for one person." onTakeOver={() => session.takeOver()} />;
  }
}

function createSession(): MatchSession {
  return new MatchSession();
}
