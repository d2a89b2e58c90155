import type { ReactNode } from "react";
import { MessageLog } from "../../shared/chat/MessageLog.tsx";
import { useFocusOnMount } from "../../shared/hooks/use-page-life.ts";
import type { Room } from "./state.ts";

interface EndedScreenProps {
  room: Room;
  onNext(): void;
  onLeave(): void;
  /** Further actions. */
  children?: ReactNode;
}

/** The conversation is over; its messages can still be read. */
export function EndedScreen({ room, onNext, onLeave, children }: EndedScreenProps) {
  const next = useFocusOnMount<HTMLButtonElement>();
  return (
    <section className="room room-chat" aria-labelledby="over-title">
      {room.lines.length > 0 && (
        <div className="card talk talk-over">
          <MessageLog lines={room.lines} partnerTyping={false} />
        </div>
      )}
      <div className="card over">
        <h1 id="over-title" className="desk-title">
          This conversation is over
        </h1>
        <div className="room-actions">
          <button ref={next} type="button" className="button button-primary" data-testid="next" onClick={onNext}>
            Next person <kbd>Enter</kbd>
          </button>
          <button type="button" className="button" data-testid="leave" onClick={onLeave}>
            Leave <kbd>Esc</kbd>
          </button>
          {children}
        </div>
      </div>
    </section>
  );
}
