import { useState } from "react";
import { openCamera } from "../../shared/call/camera.ts";
import { fetchIceServers } from "../../shared/call/ice-servers.ts";
import { ConnectionPanel } from "../../shared/connection/ConnectionPanel.tsx";
import { openSocket } from "../../shared/connection/open-socket.ts";
import { ReplacedScreen } from "../../shared/ReplacedScreen.tsx";
import { StatusBar } from "../../shared/StatusBar.tsx";
import { usePageLife } from "../../shared/use-page-life.ts";
import { useStore } from "../../shared/use-store.ts";
import { useTitle } from "../../shared/use-title.ts";
import { MatchScreen } from "./MatchScreen.tsx";
import { StartScreen } from "./StartScreen.tsx";
import { MatchSession } from "./session.ts";
import { currentMatch, type MatchState } from "./state.ts";
import { statusText } from "./status-text.ts";

/** A call between two who know the id of their match. */
export function MatchPage({ parameters }: { parameters: URLSearchParams }) {
  const [session] = useState(createSession);
  const state = useStore(session.store);
  usePageLife(session);
  useTitle(state.phase.name === "start" ? null : statusText(state));
  return (
    <>
      <StatusBar
        text={statusText(state)}
        notice={state.notice}
        problem={state.own.camera.problem}
        onDismiss={() => session.visit.dismissNotice()}
      />
      <Screen session={session} state={state} matchId={parameters.get("match")} />
      <ConnectionPanel
        link={state.link}
        place={{ name: "Match", id: currentMatch(state)?.place.matchId }}
        onCut={() => session.visit.cut()}
      />
    </>
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
  return new MatchSession({ socket: openSocket("match"), openCamera, iceServers: fetchIceServers });
}
