import { useState } from "react";
import { StartCard } from "../../shared/Form.tsx";
import { useFocusOnMount } from "../../shared/hooks/use-page-life.ts";
import { keepName, MAX_NAME_LENGTH, sessionName, shortId } from "../../shared/identity.ts";
import { hashOf, keepInAddress } from "../../shared/route.ts";
import { TextField } from "../../shared/TextField.tsx";
import type { Place } from "./state.ts";

/** The longest id that the server takes. */
const MAX_LENGTH = 128;

interface StartScreenProps {
  /** As the link has it. */
  roomId: string | null;
  onEnter(place: Place): void;
}

export function StartScreen({ roomId: given, onEnter }: StartScreenProps) {
  const [roomId, setRoomId] = useState(() => given ?? shortId());
  const [name, setName] = useState(() => sessionName());
  const submit = () => {
    const place = { roomId: roomId.trim(), userName: name.trim() };
    if (!place.roomId || !place.userName) return;
    keepName(place.userName);
    keepInAddress(hashOf("rooms", { room: place.roomId }));
    onEnter(place);
  };
  return (
    <StartCard
      title="Meet in a room"
      lead="Everyone who enters the same room sees, hears and reads each other."
      onSubmit={submit}
    >
      <TextField
        label="Room"
        value={roomId}
        onChange={setRoomId}
        maxLength={MAX_LENGTH}
        required
        autoCapitalize="none"
        testId="room"
      />
      <TextField
        label="Your name"
        value={name}
        onChange={setName}
        maxLength={MAX_NAME_LENGTH}
        required
        testId="user-name"
      />
      <button type="submit" className="button button-primary button-large" data-testid="enter">
        Join the meeting
      </button>
    </StartCard>
  );
}

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
