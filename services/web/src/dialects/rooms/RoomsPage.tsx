import { useState } from "react";
import { openCamera } from "../../shared/call/camera.ts";
import { fetchIceServers } from "../../shared/call/ice-servers.ts";
import { openScreen } from "../../shared/call/screen.ts";
import { ConnectionPanel } from "../../shared/connection/ConnectionPanel.tsx";
import { openSocket } from "../../shared/connection/open-socket.ts";
import { StatusBar } from "../../shared/StatusBar.tsx";
import { usePageLife } from "../../shared/use-page-life.ts";
import { useStore } from "../../shared/use-store.ts";
import { useTitle } from "../../shared/use-title.ts";
import { EnteringScreen } from "./EnteringScreen.tsx";
import { MeetingScreen } from "./MeetingScreen.tsx";
import { StartScreen } from "./StartScreen.tsx";
import { RoomsSession } from "./session.ts";
import type { RoomsState } from "./state.ts";
import { statusText } from "./status-text.ts";

/** Meetings with chat and screen share. */
export function RoomsPage({ parameters }: { parameters: URLSearchParams }) {
  const [session] = useState(createSession);
  const state = useStore(session.store);
  usePageLife(session);
  useTitle(state.meeting ? statusText(state) : null);
  return (
    <>
      <StatusBar
        text={statusText(state)}
        notice={state.notice}
        problem={state.own.camera.problem}
        onDismiss={() => session.visit.dismissNotice()}
      />
      <Screen session={session} state={state} roomId={parameters.get("room")} />
      <ConnectionPanel
        link={state.link}
        place={{ name: "Room", id: state.meeting?.place.roomId }}
        onCut={() => session.visit.cut()}
      />
    </>
  );
}

function Screen({ session, state, roomId }: { session: RoomsSession; state: RoomsState; roomId: string | null }) {
  const { meeting, own } = state;
  if (!meeting) return <StartScreen key={roomId} roomId={roomId} onEnter={(place) => void session.enter(place)} />;
  if (meeting.ownIds.length > 0) return <MeetingScreen session={session} meeting={meeting} own={own} />;
  return <EnteringScreen asking={meeting.stage === "asking"} onLeave={() => session.leave()} />;
}

function createSession(): RoomsSession {
  return new RoomsSession({ socket: openSocket("rooms"), openCamera, openScreen, iceServers: fetchIceServers });
}
