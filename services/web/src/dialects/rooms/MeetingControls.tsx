import { CallControls, Toggle } from "../../shared/call/CallControls.tsx";
import type { OwnMedia } from "../../shared/media/own-media.ts";
import { canShareScreen } from "../../shared/media/screen.ts";
import type { RoomsSession } from "./session.ts";

export function MeetingControls({ session, own }: { session: RoomsSession; own: OwnMedia }) {
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
