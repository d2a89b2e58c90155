import { DialectPage } from "../../shared/DialectPage.tsx";
import { useSession } from "../../shared/hooks/use-session.ts";
import { MeetingScreen } from "./MeetingScreen.tsx";
import { EnteringScreen, StartScreen } from "./StartScreen.tsx";

import { RoomsSession } from "./session.ts";
import type { RoomsState } from "./state.ts";
import { statusText } from "./status-text.ts";

/** Meetings with chat and screen share. */
export function RoomsPage({ parameters }: { parameters: URLSearchParams }) {
  const [session, state] = useSession(createSession);
  return (
    <DialectPage
      session={session}
      state={state}
      status={statusText(state)}
      begun={state.meeting !== null}
      place={{ name: "Room", id: state.meeting?.place.roomId }}
    >
      <Screen session={session} state={state} roomId={parameters.get("room")} />
    </DialectPage>
  );
}

function Screen({ session, state, roomId }: { session: RoomsSession; state: RoomsState; roomId: string | null }) {
  const { meeting, own } = state;
  if (!meeting) return <StartScreen key={roomId} roomId={roomId} onEnter={(place) => void session.enter(place)} />;
  if (meeting.ownIds.length > 0) return <MeetingScreen session={session} meeting={meeting} own={own} />;
  return <EnteringScreen asking={meeting.stage === "asking"} onLeave={() => session.leave()} />;
}

function createSession(): RoomsSession {
  return new RoomsSession();
}
