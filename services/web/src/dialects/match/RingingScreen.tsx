import { useState } from "react";
import { useFocusOnMount } from "../../shared/hooks/use-page-life.ts";
import { TextField } from "../../shared/TextField.tsx";

interface RingingScreenProps {
  from: string;
  onAccept(): void;
  onReject(reason: string): void;
}

export function RingingScreen({ from, onAccept, onReject }: RingingScreenProps) {
  const [reason, setReason] = useState("");
  const accept = useFocusOnMount<HTMLButtonElement>();
  return (
    <section className="waiting" aria-labelledby="ringing-title">
      <span className="pulse" aria-hidden="true" />
      <h1 id="ringing-title">{from} is calling</h1>
      <div className="room-actions">
        <button ref={accept} type="button" className="button button-primary" data-testid="accept" onClick={onAccept}>
          Accept
        </button>
        <button
          type="button"
          className="button button-danger"
          data-testid="reject"
          onClick={() => onReject(reason.trim())}
        >
          Reject
        </button>
      </div>
      <TextField
        label={
          <>
            Reason to reject <span className="optional">optional</span>
          </>
        }
        value={reason}
        onChange={setReason}
        maxLength={200}
        placeholder="In a meeting"
        testId="reason"
      />
    </section>
  );
}
