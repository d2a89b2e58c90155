import { useFocusOnMount } from "../../shared/hooks/use-focus.ts";

interface EnteringScreenProps {
  /** Whether the camera has not answered yet. */
  asking: boolean;
  onLeave(): void;
}

export function EnteringScreen({ asking, onLeave }: EnteringScreenProps) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  return (
    <section className="waiting" aria-labelledby="entering-title">
      <span className="pulse" aria-hidden="true" />
      <h1 id="entering-title" ref={heading} tabIndex={-1}>
        {asking ? "Please allow the camera and microphone" : "Entering the room"}
      </h1>
      <p className="lead">{asking ? "Your browser asks for it." : "This takes a moment."}</p>
      <button type="button" className="button" data-testid="leave" onClick={onLeave}>
        Back
      </button>
    </section>
  );
}
