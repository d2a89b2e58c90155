import { useState } from "react";
import { Form } from "../../shared/Form.tsx";
import { TextField } from "../../shared/TextField.tsx";
import type { AccountActions, Outcome } from "./account-actions.ts";

/** A person's actions about the own account, behind a line that opens them. */
export function AccountCard({ actions }: { actions: AccountActions }) {
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ problem: string | null; done: string | null }>({
    problem: null,
    done: null,
  });
  const run = async (act: () => Promise<Outcome>, done: string | null = null): Promise<boolean> => {
    setBusy(true);
    setOutcome({ problem: null, done: null });
    const { problem } = await act();
    setBusy(false);
    setOutcome({ problem, done: problem === null ? done : null });
    return problem === null;
  };
  return (
    <details className="card desk-part account">
      <summary data-testid="account">Your account</summary>
      <p className="form-problem" role="alert" data-testid="account-problem">
        {outcome.problem}
      </p>
      <p className="hint" role="status" data-testid="account-done">
        {outcome.done}
      </p>
      <PasswordForm busy={busy} onChange={(old, fresh) => run(() => actions.changePassword(old, fresh))} />
      <div className="account-actions">
        <button
          type="button"
          className="button"
          data-testid="download-data"
          disabled={busy}
          onClick={() => void run(() => actions.downloadData(), "Your data is downloaded.")}
        >
          Download my data
        </button>
        <button
          type="button"
          className="button"
          data-testid="log-out-everywhere"
          disabled={busy}
          onClick={() => void run(() => actions.logOutEverywhere())}
        >
          Log out everywhere
        </button>
        <Deletion busy={busy} onDelete={(password) => run(() => actions.deleteAccount(password))} />
      </div>
    </details>
  );
}

interface PasswordFormProps {
  busy: boolean;
  /** @returns whether it was changed */
  onChange(old: string, fresh: string): Promise<boolean>;
}

function PasswordForm({ busy, onChange }: PasswordFormProps) {
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const submit = async () => {
    if (!(await onChange(old, fresh))) return;
    setOld("");
    setFresh("");
  };
  return (
    <Form className="account-form" onSubmit={() => void submit()}>
      <TextField
        label="Password now"
        type="password"
        value={old}
        onChange={setOld}
        autoComplete="current-password"
        required
        testId="old-password"
      />
      <TextField
        label="New password"
        type="password"
        value={fresh}
        onChange={setFresh}
        hint="8 characters at least. All your other logins end."
        autoComplete="new-password"
        required
        testId="new-password"
      />
      <button type="submit" className="button" data-testid="change-password" disabled={busy}>
        Change the password
      </button>
    </Form>
  );
}

/** It can't be undone, so it is asked for twice, the second time with the password. */
function Deletion({ busy, onDelete }: { busy: boolean; onDelete(password: string): Promise<boolean> }) {
  const [isAsked, setIsAsked] = useState(false);
  const [password, setPassword] = useState("");
  if (!isAsked) {
    return (
      <button type="button" className="button button-danger" data-testid="delete" onClick={() => setIsAsked(true)}>
        Delete my account
      </button>
    );
  }
  const close = () => {
    setIsAsked(false);
    setPassword("");
  };
  return (
    <Form className="account-form" onSubmit={() => void onDelete(password)}>
      <TextField
        label="Your password, to delete the account"
        type="password"
        value={password}
        onChange={setPassword}
        hint="It goes for good. Your messages are erased, or stay without your name."
        autoComplete="current-password"
        autoFocus
        required
        testId="delete-password"
      />
      <button type="submit" className="button button-danger" data-testid="delete-for-good" disabled={busy}>
        Delete it for good
      </button>
      <button type="button" className="button" data-testid="keep-account" onClick={close}>
        Keep it
      </button>
    </Form>
  );
}
