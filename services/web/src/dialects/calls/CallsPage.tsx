import { DialectPage } from "../../shared/DialectPage.tsx";
import { useSession } from "../../shared/hooks/use-session.ts";
import { sessionUserId } from "../../shared/identity.ts";
import { ReplacedScreen } from "../../shared/ReplacedScreen.tsx";
import { GroupScreen } from "./GroupScreen.tsx";
import { Invitations } from "./Invitations.tsx";
import { OnlineScreen } from "./OnlineScreen.tsx";
import { StartScreen } from "./StartScreen.tsx";
import { CallsSession } from "./session.ts";
import type { CallsState } from "./state.ts";
import { statusText } from "./status-text.ts";

/** Group calls among those who are online. */
export function CallsPage({ parameters }: { parameters: URLSearchParams }) {
  const [session, state] = useSession(createSession);
  return (
    <DialectPage
      session={session}
      state={state}
      status={statusText(state)}
      begun={state.phase.name !== "start"}
      place={{ name: "Call", id: state.call?.id }}
    >
      <Invitations
        invitations={state.invitations}
        onAccept={({ callId, isVideo }) => void session.joinCall(callId, isVideo)}
        onDecline={({ callId }) => session.decline(callId)}
      />
      <Screen session={session} state={state} callId={parameters.get("call")} />
    </DialectPage>
  );
}

function Screen({ session, state, callId }: { session: CallsSession; state: CallsState; callId: string | null }) {
  const { phase, call, own } = state;
  if (phase.name === "replaced") {
    return <ReplacedScreen reason="A user id stands for one person." onTakeOver={() => session.takeOver()} />;
  }
  if (phase.name !== "start" && call) return <GroupScreen session={session} me={phase.me} call={call} own={own} />;
  if (phase.name === "online") return <OnlineScreen session={session} state={state} callId={callId} />;
  return <StartScreen busy={phase.name === "coming"} onCome={(username) => session.comeOnline(username)} />;
}

function createSession(): CallsSession {
  return new CallsSession({
    userId: sessionUserId(),
  });
}
