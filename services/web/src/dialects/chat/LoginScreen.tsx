import { type FormEvent, useState } from "react";
import { TextField } from "../../shared/TextField.tsx";
import type { Credentials } from "./account.ts";

interface LoginScreenProps {
  busy: boolean;
  problem: string | null;
  onEnter(route: "login" | "register", credentials: Credentials): void;
}

export function LoginScreen({ busy, problem, onEnter }: LoginScreenProps) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    const route = submitter?.getAttribute("value") === "register" ? "register" : "login";
    onEnter(route, { username: username.trim(), password });
  };
  return (
    <section className="start" aria-labelledby="start-title">
      <h1 id="start-title">Join the chatroom</h1>
      <p className="lead">One room for everyone, with an account. Call whoever is online.</p>
      <form className="card start-form" onSubmit={submit}>
        <TextField
          label="User name"
          value={username}
          onChange={setUsername}
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
          value={password}
          onChange={setPassword}
          hint="8 characters at least."
          autoComplete="current-password"
          required
          testId="password"
        />
        <p className="form-problem" role="alert" data-testid="login-problem">
          {problem}
        </p>
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
      </form>
    </section>
  );
}
