import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { Form } from "../Form.tsx";
import { categories, type ReportGrounds } from "./grounds.ts";
import "./report.css";

const MAX_WORDS = 1000;

interface ReportDialogProps {
  whom: string;
  /** @returns why it could not be made; null: it was made */
  onReport(grounds: ReportGrounds): Promise<string | null>;
  onClose(): void;
}

/** Asks for the grounds of a report. */
export function ReportDialog({ whom, onReport, onClose }: ReportDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const [grounds, setGrounds] = useState<ReportGrounds>({ category: "harassment", reason: "" });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const submit = async () => {
    setBusy(true);
    const why = await onReport(grounds);
    setBusy(false);
    setProblem(why);
    if (why === null) onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault(); // on the page behind it the key has another meaning
    onClose();
  };
  return (
    <dialog ref={dialog} className="card report" aria-labelledby={title} onKeyDown={onKeyDown} onCancel={onClose}>
      <Form className="desk-form" onSubmit={() => void submit()}>
        <h2 id={title} className="desk-title">
          Report <bdi>{whom}</bdi>
        </h2>
        <p className="hint">The operators see what you write here, and the last messages of this conversation.</p>
        <GroundsFields grounds={grounds} onChange={setGrounds} />
        <p className="form-problem" role="alert" data-testid="report-problem">
          {problem}
        </p>
        <div className="room-actions">
          <button type="submit" className="button button-primary" data-testid="send-report" disabled={busy}>
            Send the report
          </button>
          <button type="button" className="button" data-testid="cancel-report" onClick={onClose}>
            Cancel
          </button>
        </div>
      </Form>
    </dialog>
  );
}

function GroundsFields({ grounds, onChange }: { grounds: ReportGrounds; onChange(grounds: ReportGrounds): void }) {
  const id = useId();
  const known = Object.entries(categories) as [ReportGrounds["category"], string][];
  return (
    <>
      <div className="form-row">
        <label htmlFor={id}>Reason</label>
        <select
          id={id}
          className="field"
          data-testid="report-category"
          value={grounds.category}
          onChange={({ target }) => onChange({ ...grounds, category: target.value as ReportGrounds["category"] })}
        >
          {known.map(([category, text]) => (
            <option key={category} value={category}>
              {text}
            </option>
          ))}
        </select>
      </div>
      <div className="form-row">
        <label htmlFor={`${id}-words`}>
          In your words <span className="optional">optional</span>
        </label>
        <textarea
          id={`${id}-words`}
          className="field report-words"
          data-testid="report-words"
          maxLength={MAX_WORDS}
          value={grounds.reason}
          onChange={({ target }) => onChange({ ...grounds, reason: target.value })}
        />
      </div>
    </>
  );
}
