import { CallControls } from "../../shared/call/CallControls.tsx";
import { VideoStage } from "../../shared/call/VideoStage.tsx";
import { MessageForm } from "../../shared/chat/MessageForm.tsx";
import { MessageLog } from "../../shared/chat/MessageLog.tsx";
import { useFocusOnMount } from "../../shared/hooks/use-page-life.ts";
import { ReportButton } from "../../shared/report/ReportButton.tsx";
import type { RandomSession } from "./session.ts";
import { currentRoom, type RandomState, type Room } from "./state.ts";

interface RoomScreenProps {
  session: RandomSession;
  state: RandomState;
  room: Room;
}

export function RoomScreen({ session, state, room }: RoomScreenProps) {
  const { call, own } = state;
  const heading = useFocusOnMount<HTMLHeadingElement>(!typesAtOnce());
  return (
    <section className={`room room-${room.type}`} aria-labelledby="room-title">
      <h1 id="room-title" ref={heading} tabIndex={-1} className="visually-hidden">
        Conversation
      </h1>
      {room.type === "video" && <VideoStage call={call} own={own} />}
      <div className="card talk">
        <SharedInterests interests={room.sharedInterests} />
        <MessageLog lines={room.lines} partnerTyping={room.partnerTyping} />
        <MessageForm
          focused={typesAtOnce()}
          onSend={(text) => session.sendMessage(text)}
          onKeystroke={() => session.keystroke()}
        />
      </div>
      {room.type === "video" ? (
        <CallControls own={own} onMute={session.visit.mute} onDarken={session.visit.darken}>
          <RoomActions session={session} state={state} />
        </CallControls>
      ) : (
        <div className="controls">
          <RoomActions session={session} state={state} />
        </div>
      )}
    </section>
  );
}

function RoomActions({ session, state }: Pick<RoomScreenProps, "session" | "state">) {
  const { nextArmed } = state;
  return (
    <>
      <button
        type="button"
        className={nextArmed ? "button button-armed" : "button"}
        data-testid="next"
        onClick={() => session.next()}
      >
        Next <kbd>{nextArmed ? "Esc again" : "Esc Esc"}</kbd>
      </button>
      <button type="button" className="button" data-testid="leave" onClick={() => session.leave()}>
        Leave
      </button>
      <button
        type="button"
        className="button button-danger"
        data-testid="block"
        onClick={() => void session.partner.block()}
      >
        Block
      </button>
      <ReportPartner session={session} state={state} />
    </>
  );
}

/** Reports the partner, or after the conversation the last one; nothing where there is nobody to report. */
export function ReportPartner({ session, state }: Pick<RoomScreenProps, "session" | "state">) {
  const { reportable } = state;
  if (reportable === null) return null;
  const whom = currentRoom(state)?.id === reportable ? "this person" : "the last person";
  return (
    <ReportButton
      key={reportable}
      whom={whom}
      testId="report"
      onReport={(grounds) => session.partner.report(reportable, grounds)}
    />
  );
}

/** On a phone, focus in the text field would open the keyboard over the partner's picture. */
function typesAtOnce(): boolean {
  return matchMedia("(pointer: fine)").matches;
}

function SharedInterests({ interests }: { interests: readonly string[] }) {
  if (interests.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus, the keyboard could not scroll it
    <section className="shared" tabIndex={0} aria-label="Shared interests">
      You both like{" "}
      {interests.map((interest) => (
        <bdi key={interest} className="chip">
          {interest}
        </bdi>
      ))}
    </section>
  );
}
