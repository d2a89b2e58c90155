import { useState } from "react";
import { StartCard } from "../../shared/Form.tsx";
import { keepName, sessionName, shortId } from "../../shared/identity.ts";
import { hashOf, keepInAddress } from "../../shared/route.ts";
import { TextField } from "../../shared/TextField.tsx";
import type { Place } from "./state.ts";

/** The longest id that the server takes. */
const MAX_LENGTH = 128;

interface StartScreenProps {
  /** As the link has it. */
  matchId: string | null;
  onEnter(place: Place): void;
}

export function StartScreen({ matchId: given, onEnter }: StartScreenProps) {
  const [matchId, setMatchId] = useState(() => given ?? shortId());
  const [userId, setUserId] = useState(() => sessionName());
  const submit = () => {
    const place = { matchId: matchId.trim(), userId: userId.trim() };
    if (!place.matchId || !place.userId) return;
    keepName(place.userId);
    keepInAddress(hashOf("match", { match: place.matchId }));
    onEnter(place);
  };
  return (
    <StartCard title="Call someone you know" lead="Two people with the same match id meet here." onSubmit={submit}>
      <TextField
        label="Match id"
        value={matchId}
        onChange={setMatchId}
        hint="A person who enters the same one meets you. Two people at most."
        maxLength={MAX_LENGTH}
        required
        autoCapitalize="none"
        testId="match-id"
      />
      <TextField
        label="Your name"
        value={userId}
        onChange={setUserId}
        maxLength={MAX_LENGTH}
        required
        autoCapitalize="none"
        testId="user-id"
      />
      <button type="submit" className="button button-primary button-large" data-testid="enter">
        Enter
      </button>
    </StartCard>
  );
}
