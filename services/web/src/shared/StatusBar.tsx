import type { ReactNode } from "react";

interface StatusBarProps {
  /** Where the person is. */
  text: string;
  /** Whether the connection is lost, for now. */
  away?: boolean;
  /** Further information, at the other end of the line. */
  aside?: ReactNode;
  /** A message that the person can dismiss. */
  notice: string | null;
  /** A lasting problem. */
  problem?: string | null;
  onDismiss(): void;
}

/** Where the person is, and what they should know; both are read out when they change. */
export function StatusBar({ text, away = false, aside, notice, problem = null, onDismiss }: StatusBarProps) {
  const problems = [notice, problem].filter((sentence) => sentence !== null);
  return (
    <div className="status-bar">
      <div className="status-line">
        <p className={away ? "status status-away" : "status"} role="status" data-testid="status">
          {text}
        </p>
        {aside}
      </div>
      <div role="alert" data-testid="notice">
        {problems.length > 0 && (
          <div className="notice">
            <p>{problems.join(" ")}</p>
            {notice !== null && (
              <button type="button" className="button button-small" onClick={onDismiss}>
                OK
              </button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}
