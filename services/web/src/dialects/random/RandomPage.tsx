import { useCallback, useState } from "react";
import { io } from "socket.io-client";
import { openCamera } from "../../shared/call/camera.ts";
import { fetchIceServers } from "../../shared/call/ice-servers.ts";
import { ConnectionPanel } from "../../shared/connection/ConnectionPanel.tsx";
import { sessionUserId } from "../../shared/identity.ts";
import { useEscape } from "../../shared/use-escape.ts";
import { usePageLife } from "../../shared/use-page-life.ts";
import { useStore } from "../../shared/use-store.ts";
import { useTitle } from "../../shared/use-title.ts";
import { EndedScreen } from "./EndedScreen.tsx";
import { ReplacedScreen } from "./ReplacedScreen.tsx";
import { RoomScreen } from "./RoomScreen.tsx";
import { StartScreen } from "./StartScreen.tsx";
import { StatusBar } from "./StatusBar.tsx";
import { RandomSession } from "./session.ts";
import { currentRoom, type RandomState } from "./state.ts";
import { statusText } from "./status-text.ts";
import { WaitingScreen } from "./WaitingScreen.tsx";
import "./random.css";

/** Anonymous conversations with a random partner. */
export function RandomPage() {
  const [session] = useState(createSession);
  const state = useStore(session.store);
  usePageLife(session);
  useTitle(state.phase.name === "start" ? null : statusText(state));
  useEscape(useCallback(() => session.escape(), [session]));
  return (
    <>
      <StatusBar state={state} onDismiss={() => session.dismissNotice()} />
      <Screen session={session} state={state} />
      <ConnectionPanel link={state.link} roomId={currentRoom(state)?.id ?? null} onCut={() => session.cut()} />
    </>
  );
}

function Screen({ session, state }: { session: RandomSession; state: RandomState }) {
  const { phase } = state;
  switch (phase.name) {
    case "start":
      return <StartScreen previous={state.choice} onChoose={(choice) => session.choose(choice)} />;
    case "camera":
    case "waiting":
      return <WaitingScreen phase={phase} onLeave={() => session.leave()} />;
    case "room":
      return <RoomScreen key={phase.room.id} session={session} state={state} room={phase.room} />;
    case "ended":
      return <EndedScreen room={phase.room} onNext={() => session.next()} onLeave={() => session.leave()} />;
    case "replaced":
      return <ReplacedScreen onTakeOver={() => session.takeOver()} />;
  }
}

function createSession(): RandomSession {
  return new RandomSession({
    socket: io("/random", { autoConnect: false }),
    userId: sessionUserId(),
    openCamera,
    iceServers: fetchIceServers,
  });
}
