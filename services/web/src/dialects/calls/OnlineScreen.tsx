import { useMemo, useState } from "react";
import { useFocusOnMount } from "../../shared/hooks/use-page-life.ts";
import { JoinForm } from "./JoinForm.tsx";
import type { CallsSession } from "./session.ts";
import { type CallsState, others } from "./state.ts";
import { UserList } from "./UserList.tsx";

interface OnlineScreenProps {
  session: CallsSession;
  state: CallsState;
  /** As the link has it. */
  callId: string | null;
}

/** The users online, and the choice of those to call. */
export function OnlineScreen({ session, state, callId }: OnlineScreenProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const heading = useFocusOnMount<HTMLHeadingElement>();
  const { users: everyone, phase } = state;
  const users = useMemo(() => others({ users: everyone, phase }), [everyone, phase]);
  const invited = users.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  const toggle = (id: string) =>
    setChosen(new Set(chosen.has(id) ? invited.filter((one) => one !== id) : [...invited, id]));
  const call = (isVideo: boolean) => void session.startCall(invited, isVideo);
  return (
    <section className="desk" aria-labelledby="online-title">
      <div className="card desk-part">
        <h1 id="online-title" ref={heading} tabIndex={-1} className="desk-title">
          People online
        </h1>
        <UserList users={users} chosen={chosen} onToggle={toggle} />
        <div className="room-actions">
          <button
            type="button"
            className="button button-primary"
            data-testid="call-video"
            disabled={invited.length === 0}
            onClick={() => call(true)}
          >
            Video call
          </button>
          <button
            type="button"
            className="button"
            data-testid="call-audio"
            disabled={invited.length === 0}
            onClick={() => call(false)}
          >
            Audio call
          </button>
          <span className="hint" role="status">
            {invited.length === 0 ? "Choose someone first." : `${invited.length} chosen`}
          </span>
        </div>
      </div>
      <div className="card desk-part">
        <h2 className="desk-title">Join a call</h2>
        <JoinForm key={callId} callId={callId} onJoin={(id, isVideo) => void session.joinCall(id, isVideo)} />
        <button type="button" className="button" data-testid="go-offline" onClick={() => session.goOffline()}>
          Go offline
        </button>
      </div>
    </section>
  );
}
