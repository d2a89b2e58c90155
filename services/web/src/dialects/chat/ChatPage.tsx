import { useState } from "react";
import { openCamera } from "../../shared/call/camera.ts";
import { fetchIceServers } from "../../shared/call/ice-servers.ts";
import { ConnectionPanel } from "../../shared/connection/ConnectionPanel.tsx";
import { openSocket } from "../../shared/connection/open-socket.ts";
import { StatusBar } from "../../shared/StatusBar.tsx";
import { usePageLife } from "../../shared/use-page-life.ts";
import { useStore } from "../../shared/use-store.ts";
import { useTitle } from "../../shared/use-title.ts";
import { keptAccount, logIn } from "./account.ts";
import { ChatroomScreen } from "./ChatroomScreen.tsx";
import { LoginScreen } from "./LoginScreen.tsx";
import { ChatSession } from "./session.ts";
import { statusText } from "./status-text.ts";

/** One chatroom for everyone with an account, and calls between two of them. */
export function ChatPage() {
  const [session] = useState(createSession);
  const state = useStore(session.store);
  usePageLife(session);
  useTitle(state.phase.name === "login" ? null : statusText(state));
  const { phase } = state;
  return (
    <>
      <StatusBar
        text={statusText(state)}
        notice={state.notice}
        problem={state.own.camera.problem}
        onDismiss={() => session.visit.dismissNotice()}
      />
      {phase.name === "login" ? (
        <LoginScreen
          busy={phase.busy}
          problem={phase.problem}
          onEnter={(route, credentials) => void session.enter(route, credentials)}
        />
      ) : (
        <ChatroomScreen session={session} state={state} own={phase.account.username} />
      )}
      {phase.name === "chat" && (
        <ConnectionPanel
          link={state.link}
          place={{ name: "Logged in as", id: phase.account.username }}
          onCut={() => session.visit.cut()}
        />
      )}
    </>
  );
}

function createSession(): ChatSession {
  return new ChatSession({
    socket: openSocket("chat"),
    account: keptAccount(),
    logIn,
    openCamera,
    iceServers: fetchIceServers,
  });
}
