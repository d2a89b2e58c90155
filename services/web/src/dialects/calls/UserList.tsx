import type { CallUser } from "@switchyard/client-types/calls";
import { useId, useMemo, useState } from "react";
import { findByName } from "../../shared/find-names.ts";
import { TextField } from "../../shared/TextField.tsx";

/** More are found by their names. */
const MOST_SHOWN = 100;

interface UserListProps {
  users: readonly CallUser[];
  /** User ids. */
  chosen: ReadonlySet<string>;
  onToggle(userId: string): void;
}

export function UserList({ users, chosen, onToggle }: UserListProps) {
  const [wanted, setWanted] = useState("");
  const found = useMemo(() => findByName(users, ({ username }) => username, wanted), [users, wanted]);
  const hidden = found.length - MOST_SHOWN;
  if (users.length === 0) return <p className="hint people">Nobody else yet. Open this page in another window.</p>;
  return (
    <>
      <TextField label="Find" value={wanted} onChange={setWanted} type="search" testId="find-user" />
      <ul className="people" data-testid="users">
        {found.slice(0, MOST_SHOWN).map((user) => (
          <UserEntry key={user.id} user={user} chosen={chosen.has(user.id)} onToggle={onToggle} />
        ))}
      </ul>
      {hidden > 0 && <p className="hint">And {hidden} more: type a part of the name.</p>}
    </>
  );
}

function UserEntry({ user, chosen, onToggle }: { user: CallUser; chosen: boolean; onToggle(userId: string): void }) {
  const id = useId();
  return (
    <li className="person">
      <input
        id={id}
        type="checkbox"
        className="check"
        checked={chosen}
        data-testid={`choose-${user.username}`}
        onChange={() => onToggle(user.id)}
      />
      <label htmlFor={id} className="person-name">
        <bdi>{user.username}</bdi>
      </label>
    </li>
  );
}
