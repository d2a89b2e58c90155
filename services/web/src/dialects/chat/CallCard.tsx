import { CallScreen } from "../../shared/call/CallScreen.tsx";
import { useFocusOnMount } from "../../shared/hooks/use-page-life.ts";
import type { OwnMedia } from "../../shared/media/own-media.ts";
import type { ChatSession } from "./session.ts";
import type { Call } from "./state.ts";

/** The call with another user, above the conversation; nothing when there is none. */
export function CallCard({ session, call, own }: { session: ChatSession; call: Call; own: OwnMedia }) {
  const { calls, visit } = session;
  switch (call.name) {
    case "none":
      return null;
    case "active":
      return <CallScreen view={call.view} own={own} actions={visit} onEnd={() => calls.end()} />;
    case "ringing":
      return (
        <PendingCall
          key="ringing"
          text={`${call.peer} is calling`}
          onAccept={() => void calls.accept()}
          onEnd={() => calls.end()}
        />
      );
    case "asking":
      return <PendingCall key="own" text="Please allow the camera and microphone" onEnd={() => calls.end()} />;
    case "calling":
      return <PendingCall key="own" text={`Calling ${call.peer}…`} onEnd={() => calls.end()} />;
  }
}

interface PendingCallProps {
  text: string;
  /** Given when it rings here. */
  onAccept?: () => void;
  onEnd(): void;
}

function PendingCall({ text, onAccept, onEnd }: PendingCallProps) {
  const button = useFocusOnMount<HTMLButtonElement>(onAccept === undefined);
  return (
    <div className="card invitation" role="alert" data-testid="pending-call">
      <span className="pulse" aria-hidden="true" />
      <p className="invitation-text">{text}</p>
      {onAccept && (
        <button type="button" className="button button-primary" data-testid="accept" onClick={onAccept}>
          Accept
        </button>
      )}
      <button ref={button} type="button" className="button button-danger" data-testid="decline" onClick={onEnd}>
        {onAccept ? "Decline" : "Cancel"}
      </button>
    </div>
  );
}
