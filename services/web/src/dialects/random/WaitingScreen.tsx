import type { ReactNode } from "react";
import { useFocusOnMount } from "../../shared/hooks/use-page-life.ts";
import type { Phase } from "./state.ts";
import { waitText } from "./status-text.ts";

interface WaitingScreenProps {
  phase: Extract<Phase, { name: "camera" | "waiting" }>;
  onLeave(): void;
  /** Further actions. */
  children?: ReactNode;
}

export function WaitingScreen({ phase, onLeave, children }: WaitingScreenProps) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  const asking = phase.name === "camera";
  const detail = asking ? "Your browser asks for it." : waitText(phase.position, phase.estimatedWaitMs);
  return (
    <section className="waiting" aria-labelledby="waiting-title">
      <div className="tracks" aria-hidden="true">
        <span className="tracks-dot" />
        <span className="tracks-dot" />
      </div>
      <h1 id="waiting-title" ref={heading} tabIndex={-1}>
        {asking ? "Please allow the camera and microphone" : "Looking for someone"}
      </h1>
      <p className="lead" aria-live="polite" data-testid="wait">
        {detail ?? "This takes a moment when few people are here."}
      </p>
      <div className="room-actions">
        <button type="button" className="button" data-testid="leave" onClick={onLeave}>
          Stop waiting <kbd>Esc</kbd>
        </button>
        {children}
      </div>
    </section>
  );
}
