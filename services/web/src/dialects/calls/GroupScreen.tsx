import type { CallUser } from "@switchyard/client-types/calls";
import { CopyLink } from "../../shared/CopyLink.tsx";
import { CallControls } from "../../shared/call/CallControls.tsx";
import { Tile, TileGrid, waitingText } from "../../shared/call/Tile.tsx";

import { useFocusOnMount } from "../../shared/hooks/use-page-life.ts";
import { isDark, type OwnMedia } from "../../shared/media/own-media.ts";
import { ReportButton } from "../../shared/report/ReportButton.tsx";
import { hashOf } from "../../shared/route.ts";
import type { CallsSession } from "./session.ts";
import type { GroupCall } from "./state.ts";
import "./calls.css";

interface GroupScreenProps {
  session: CallsSession;
  me: CallUser;
  call: GroupCall;
  own: OwnMedia;
}

/** In a call with any number of others. */
export function GroupScreen({ session, me, call, own }: GroupScreenProps) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  const others = call.participants.filter(({ id }) => id !== me.id);
  const { mute, darken } = session.visit;
  return (
    <section className="group" aria-labelledby="group-title">
      <h1 id="group-title" ref={heading} tabIndex={-1} className="visually-hidden">
        Group call
      </h1>
      <TileGrid count={others.length + 1}>
        <Tile name={me.username} stream={own.stream} picture={call.isVideo && !isDark(own)} own />
        {others.map(({ id, username }) => {
          const view = call.views[id];
          const stream = view?.remote ?? null;
          const picture = (stream?.getVideoTracks().length ?? 0) > 0;
          return (
            <Tile key={id} name={username} stream={stream} picture={picture} waiting={waitingText(view)}>
              <ReportButton
                whom={username}
                testId={`report-${username}`}
                small
                onReport={(grounds) => session.report(id, grounds)}
              />
            </Tile>
          );
        })}
      </TileGrid>
      <CallControls own={own} onMute={mute} {...(call.isVideo ? { onDarken: darken } : {})}>
        <button
          type="button"
          className="button button-danger"
          data-testid="leave-call"
          onClick={() => session.leaveCall()}
        >
          Leave call
        </button>
      </CallControls>
      <CopyLink hash={hashOf("calls", { call: call.id })} hint="Anyone who opens it may join this call." />
    </section>
  );
}
