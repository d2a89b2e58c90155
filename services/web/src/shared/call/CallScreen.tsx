import type { CallState } from "@switchyard/client/call";
import { useFocusOnMount } from "../hooks/use-page-life.ts";
import type { OwnMedia } from "../media/own-media.ts";
import type { VisitActions } from "../visit.ts";
import { CallControls } from "./CallControls.tsx";
import { VideoStage } from "./VideoStage.tsx";

interface CallScreenProps {
  view: CallState;
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
      <VideoStage call={view} own={own} />
      <CallControls own={own} onMute={actions.mute} onDarken={actions.darken}>
        <button type="button" className="button button-danger" data-testid="end" onClick={onEnd}>
          End call
        </button>
      </CallControls>
    </section>
  );
}
