import { CopyLink } from "../../shared/CopyLink.tsx";
import { MessageForm } from "../../shared/chat/MessageForm.tsx";
import { MessageLog } from "../../shared/chat/MessageLog.tsx";
import { useFocusOnMount } from "../../shared/hooks/use-focus.ts";
import type { OwnMedia } from "../../shared/media/own-media.ts";
import { hashOf } from "../../shared/route.ts";
import { MeetingControls } from "./MeetingControls.tsx";
import { MeetingTiles } from "./MeetingTiles.tsx";
import type { RoomsSession } from "./session.ts";
import type { Meeting } from "./state.ts";
import "./rooms.css";

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
      <MeetingTiles meeting={meeting} own={own} />
      <div className="card talk">
        <MessageLog lines={lines} />
        <MessageForm focused={false} onSend={(text) => session.say(text)} />
      </div>
      <div className="meeting-foot">
        <MeetingControls session={session} own={own} />
        <CopyLink hash={hashOf("rooms", { room: place.roomId })} hint="Whoever opens it comes into this room." />
      </div>
    </section>
  );
}
