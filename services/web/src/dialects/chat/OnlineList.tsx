import { useMemo, useState } from "react";
import { findByName } from "../../shared/find-names.ts";
import type { ReportGrounds } from "../../shared/report/grounds.ts";
import { ReportButton } from "../../shared/report/ReportButton.tsx";
import { TextField } from "../../shared/TextField.tsx";

/** More are found by their names. */
const MOST_SHOWN = 100;

interface OnlineListProps {
  online: { names: readonly string[]; total: number };
  own: string;
  /** Whether there is a call already. */
  busy: boolean;
  onCall(name: string): void;
  onReport(name: string, grounds: ReportGrounds): Promise<string | null>;
}

/** The users in the chatroom, each with a button to call. */
export function OnlineList({ online, own, busy, onCall, onReport }: OnlineListProps) {
  const [wanted, setWanted] = useState("");
  const found = useMemo(() => findByName(online.names, (name) => name, wanted), [online.names, wanted]);
  const hidden = online.total - online.names.length + Math.max(0, found.length - MOST_SHOWN);
  return (
    <>
      <h2 className="desk-title">
        Online <span className="count">{online.total}</span>
      </h2>
      <TextField label="Find" value={wanted} onChange={setWanted} type="search" testId="find-user" />
      <ul className="people" data-testid="users">
        {found.slice(0, MOST_SHOWN).map((name) => (
          <li key={name} className="person">
            <bdi className="person-name">{name === own ? `${name} (you)` : name}</bdi>
            {name !== own && (
              <button
                type="button"
                className="button button-small"
                data-testid={`call-${name}`}
                aria-label={`Call ${name}`}
                disabled={busy}
                onClick={() => onCall(name)}
              >
                Call
              </button>
            )}
            {name !== own && (
              <ReportButton
                whom={name}
                testId={`report-${name}`}
                small
                onReport={(grounds) => onReport(name, grounds)}
              />
            )}
          </li>
        ))}
      </ul>
      {hidden > 0 && <p className="hint">And {hidden} more.</p>}
    </>
  );
}
