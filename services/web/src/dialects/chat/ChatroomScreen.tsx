import { MessageForm } from "../../shared/chat/MessageForm.tsx";
import { MessageLog } from "../../shared/chat/MessageLog.tsx";
import { useFocusOnMount } from "../../shared/hooks/use-page-life.ts";
import { AccountCard } from "./AccountCard.tsx";
import { CallCard } from "./CallCard.tsx";
import { OnlineList } from "./OnlineList.tsx";
import type { ChatSession } from "./session.ts";
import type { ChatState } from "./state.ts";
import "./chat.css";

export function ChatroomScreen({ session, state, own }: { session: ChatSession; state: ChatState; own: string }) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  const { lines, earlier, online, call } = state;
  const older =
    earlier === "none" ? undefined : { loading: earlier === "loading", onLoad: () => void session.loadEarlier() };
  return (
    <section className="chatroom" aria-labelledby="chatroom-title">
      <h1 id="chatroom-title" ref={heading} tabIndex={-1} className="visually-hidden">
        Chatroom
      </h1>
      <CallCard session={session} call={call} own={state.own} />
      <div className="card talk">
        <MessageLog lines={lines} earlier={older} />
        <MessageForm focused={false} onSend={(text) => session.sendMessage(text)} />
      </div>
      <div className="card desk-part">
        <OnlineList
          online={online}
          own={own}
          busy={call.name !== "none"}
          onCall={(name) => void session.calls.call(name)}
          onReport={(name, grounds) => session.report(name, grounds)}
        />
        <button type="button" className="button" data-testid="log-out" onClick={() => session.logOut()}>
          Log out
        </button>
      </div>
      <AccountCard actions={session.account} />
    </section>
  );
}
