import { useFocusOnMount } from "../hooks/use-page-life.ts";
import type { OwnMedia } from "../media/own-media.ts";
import type { VisitActions } from "../visit.ts";
import { CallControls } from "./CallControls.tsx";
import type { CallView } from "./peer-call.ts";
import { VideoStage } from "./VideoStage.tsx";

interface CallScreenProps {
  view: CallView;
  own: OwnMedia;
  actions: Pick<VisitActions, "mute" | "darken">;
  onEnd(): void;
}

/** A call of two, in full size. */
export function CallScreen({ view, own, actions, onEnd }: CallScreenProps) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  return (
    <section className="room room-call" aria-labelledby="call-title">
      <h1 id="call-title" ref={heading} tabIndex={-1} className="visually-hidden">
        Call
      </h1>
      <VideoStage call={view} camera={own.camera} />
      <CallControls own={own} onMute={actions.mute} onDarken={actions.darken}>
        <button type="button" className="button button-danger" data-testid="end" onClick={onEnd}>
          End call
        </button>
      </CallControls>
    </section>
  );
}
