import { useCallback } from "react";
import { DialectPage } from "../../shared/DialectPage.tsx";
import { useEscape } from "../../shared/hooks/use-page-life.ts";
import { useSession } from "../../shared/hooks/use-session.ts";
import { sessionUserId } from "../../shared/identity.ts";
import { ReplacedScreen } from "../../shared/ReplacedScreen.tsx";
import { EndedScreen } from "./EndedScreen.tsx";
import { ReportPartner, RoomScreen } from "./RoomScreen.tsx";
import { StartScreen } from "./StartScreen.tsx";
import { RandomSession } from "./session.ts";
import { currentRoom, type RandomState } from "./state.ts";
import { statusText } from "./status-text.ts";
import { WaitingScreen } from "./WaitingScreen.tsx";
import "./random.css";

/** Anonymous conversations with a random partner. */
export function RandomPage() {
  const [session, state] = useSession(createSession);
  useEscape(useCallback(() => session.escape(), [session]));
  return (
    <DialectPage
      session={session}
      state={state}
      status={statusText(state)}
      begun={state.phase.name !== "start"}
      place={{ name: "Room", id: currentRoom(state)?.id }}
      located
      aside={<PeopleCount count={state.count} />}
    >
      <Screen session={session} state={state} />
    </DialectPage>
  );
}

function Screen({ session, state }: { session: RandomSession; state: RandomState }) {
  const { phase } = state;
  const report = <ReportPartner session={session} state={state} />;
  switch (phase.name) {
    case "start":
      return (
        <>
          <StartScreen previous={state.choice} onChoose={(choice) => session.choose(choice)} />
          {state.reportable !== null && <div className="controls">{report}</div>}
        </>
      );
    case "camera":
    case "waiting":
      return (
        <WaitingScreen phase={phase} onLeave={() => session.leave()}>
          {report}
        </WaitingScreen>
      );
    case "room":
      return <RoomScreen key={phase.room.id} session={session} state={state} room={phase.room} />;
    case "ended":
      return (
        <EndedScreen room={phase.room} onNext={() => session.next()} onLeave={() => session.leave()}>
          {report}
        </EndedScreen>
      );
    case "replaced":
      return (
        <ReplacedScreen reason="You can be in one conversation at a time." onTakeOver={() => session.takeOver()} />
      );
  }
}

function createSession(): RandomSession {
  return new RandomSession({
    userId: sessionUserId(),
  });
}

function PeopleCount({ count }: { count: number | null }) {
  if (count === null) return null;
  return (
    <p className="count">
      <span data-testid="count">{count}</span> {count === 1 ? "person" : "people"} here
    </p>
  );
}
