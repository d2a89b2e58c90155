import { useState } from "react";
import { StartCard } from "../../shared/Form.tsx";
import { keepName, MAX_NAME_LENGTH, sessionName } from "../../shared/identity.ts";
import { TextField } from "../../shared/TextField.tsx";

interface StartScreenProps {
  /** Whether the person has said their name already and the server has not answered yet. */
  busy: boolean;
  onCome(username: string): void;
}

export function StartScreen({ busy, onCome }: StartScreenProps) {
  const [name, setName] = useState(() => sessionName());
  const submit = () => {
    const username = name.trim();
    if (!username) return;
    keepName(username);
    onCome(username);
  };
  return (
    <StartCard
      title="Call several people"
      lead="Come online, see who is there, and call as many of them as you like."
      onSubmit={submit}
    >
      <TextField
        label="Your name"
        value={name}
        onChange={setName}
        maxLength={MAX_NAME_LENGTH}
        required
        testId="username"
      />
      <button type="submit" className="button button-primary button-large" data-testid="come-online" disabled={busy}>
        {busy ? "Coming online…" : "Come online"}
      </button>
    </StartCard>
  );
}
