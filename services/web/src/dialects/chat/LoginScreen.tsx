import { useState } from "react";
import { StartCard } from "../../shared/Form.tsx";
import { TextField } from "../../shared/TextField.tsx";
import type { Credentials } from "./account.ts";

interface LoginScreenProps {
  busy: boolean;
  problem: string | null;
  onEnter(route: "login" | "register", credentials: Credentials): void;
}

export function LoginScreen({ busy, problem, onEnter }: LoginScreenProps) {
  const [credentials, setCredentials] = useState<Credentials>({ username: "", password: "" });
  const submit = (pressed: string | null) => {
    const { username, password } = credentials;
    onEnter(pressed === "register" ? "register" : "login", { username: username.trim(), password });
  };
  return (
    <StartCard
      title="Join the chatroom"
      lead="One room for everyone, with an account. Call anyone who is online."
      onSubmit={submit}
    >
      <CredentialFields credentials={credentials} onChange={setCredentials} />
      <p className="form-problem" role="alert" data-testid="login-problem">
        {problem}
      </p>
      <Routes busy={busy} />
    </StartCard>
  );
}

interface CredentialFieldsProps {
  credentials: Credentials;
  onChange(credentials: Credentials): void;
}

function CredentialFields({ credentials, onChange }: CredentialFieldsProps) {
  return (
    <>
      <TextField
        label="User name"
        value={credentials.username}
        onChange={(username) => onChange({ ...credentials, username })}
        hint="3 to 32 letters, digits, and _ - ."
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        testId="username"
      />
      <TextField
        label="Password"
        type="password"
        value={credentials.password}
        onChange={(password) => onChange({ ...credentials, password })}
        hint="8 characters at least."
        autoComplete="current-password"
        required
        testId="password"
      />
    </>
  );
}

/** The two ways in. */
function Routes({ busy }: { busy: boolean }) {
  return (
    <div className="start-buttons">
      <button
        type="submit"
        value="login"
        className="button button-primary button-large"
        data-testid="login"
        disabled={busy}
      >
        Log in
      </button>
      <button type="submit" value="register" className="button button-large" data-testid="register" disabled={busy}>
        Register
      </button>
    </div>
  );
}
