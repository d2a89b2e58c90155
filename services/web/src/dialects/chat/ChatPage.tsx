import { DialectPage } from "../../shared/DialectPage.tsx";
import { useSession } from "../../shared/hooks/use-session.ts";
import { keptAccount, logIn } from "./account.ts";
import { ChatroomScreen } from "./ChatroomScreen.tsx";
import { LoginScreen } from "./LoginScreen.tsx";
import { ChatSession } from "./session.ts";
import { statusText } from "./status-text.ts";

/** One chatroom for everyone with an account, and calls between two of them. */
export function ChatPage() {
  const [session, state] = useSession(createSession);
  const { phase } = state;
  return (
    <DialectPage
      session={session}
      state={state}
      status={statusText(state)}
      begun={phase.name === "chat"}
      place={phase.name === "chat" ? { name: "Logged in as", id: phase.account.username } : null}
    >
      {phase.name === "login" ? (
        <LoginScreen
          busy={phase.busy}
          problem={phase.problem}
          onEnter={(route, credentials) => void session.enter(route, credentials)}
        />
      ) : (
        <ChatroomScreen session={session} state={state} own={phase.account.username} />
      )}
    </DialectPage>
  );
}

function createSession(): ChatSession {
  return new ChatSession({
    account: keptAccount(),
    logIn,
  });
}
