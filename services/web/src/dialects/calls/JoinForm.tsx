import { useState } from "react";
import { Form } from "../../shared/Form.tsx";
import { TextField } from "../../shared/TextField.tsx";

/** The longest id that the server takes. */
const MAX_LENGTH = 128;

interface JoinFormProps {
  /** As the link has it. */
  callId: string | null;
  onJoin(callId: string, isVideo: boolean): void;
}

export function JoinForm({ callId: given, onJoin }: JoinFormProps) {
  const [callId, setCallId] = useState(given ?? "");
  const submit = (pressed: string | null) => {
    if (callId.trim()) onJoin(callId.trim(), pressed !== "audio");
  };
  return (
    <Form className="desk-form" onSubmit={submit}>
      <TextField
        label="Call id"
        value={callId}
        onChange={setCallId}
        hint="Anyone who knows the id of a call may join it."
        maxLength={MAX_LENGTH}
        required
        autoCapitalize="none"
        testId="call-id"
      />
      <div className="room-actions">
        <button type="submit" value="video" className="button button-primary" data-testid="join-video">
          Join with video
        </button>
        <button type="submit" value="audio" className="button" data-testid="join-audio">
          With sound only
        </button>
      </div>
    </Form>
  );
}
