import { type InputHTMLAttributes, type ReactNode, useId } from "react";

interface TextFieldProps
  extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value" | "id" | "className"> {
  label: ReactNode;
  value: string;
  /** A sentence under the field. */
  hint?: string;
  testId: string;
  onChange(value: string): void;
}

/** A labelled line of text in a form. */
export function TextField({ label, value, hint, testId, onChange, ...input }: TextFieldProps) {
  const id = useId();
  return (
    <div className="form-row">
      <label htmlFor={id}>{label}</label>
      <input
        autoComplete="off"
        {...input}
        id={id}
        className="field"
        data-testid={testId}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={hint ? `${id}-hint` : undefined}
      />
      {hint && (
        <p id={`${id}-hint`} className="hint" aria-live="polite">
          {hint}
        </p>
      )}
    </div>
  );
}
