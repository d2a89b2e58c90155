import { canShareScreen } from "@switchyard/client/call";
import { CopyLink } from "../../shared/CopyLink.tsx";
import { MessageForm } from "../../shared/chat/MessageForm.tsx";
import { MessageLog } from "../../shared/chat/MessageLog.tsx";
import { useFocusOnMount } from "../../shared/hooks/use-page-life.ts";
import type { OwnMedia } from "../../shared/media/own-media.ts";
import { hashOf } from "../../shared/route.ts";
import { MeetingTiles } from "./MeetingTiles.tsx";
import type { RoomsSession } from "./session.ts";
import type { Meeting } from "./state.ts";
import "./rooms.css";
import { CallControls, Toggle } from "../../shared/call/CallControls.tsx";

interface MeetingScreenProps {
  session: RoomsSession;
  meeting: Meeting;
  own: OwnMedia;
}

export function MeetingScreen({ session, meeting, own }: MeetingScreenProps) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  const { place, lines } = meeting;
  return (
    <section className="meeting" aria-labelledby="meeting-title">
      <h1 id="meeting-title" ref={heading} tabIndex={-1} className="visually-hidden">
        Meeting {place.roomId}
      </h1>
      <MeetingTiles meeting={meeting} own={own} onReport={(id, grounds) => session.report(id, grounds)} />
      <div className="card talk">
        <MessageLog lines={lines} />
        <MessageForm focused={false} onSend={(text) => session.sendMessage(text)} />
      </div>
      <div className="meeting-foot">
        <MeetingControls session={session} own={own} />
        <CopyLink hash={hashOf("rooms", { room: place.roomId })} hint="Anyone who opens it comes into this room." />
      </div>
    </section>
  );
}

function MeetingControls({ session, own }: { session: RoomsSession; own: OwnMedia }) {
  const { mute, darken } = session.visit;
  const share = (on: boolean) => (on ? void session.shareScreen() : session.stopSharing());
  return (
    <CallControls own={own} onMute={mute} onDarken={darken}>
      {canShareScreen() && (
        <Toggle on={own.screen !== null} testId="share-screen" onToggle={share}>
          Share screen
        </Toggle>
      )}
      <button type="button" className="button button-danger" data-testid="leave" onClick={() => session.leave()}>
        Leave
      </button>
    </CallControls>
  );
}
