import { isDeepStrictEqual } from "node:util";
import { type TestClient, until } from "@switchyard/testkit";
import { type User, userOf } from "./callers.ts";

/** Waits until the last list that a client was sent after a change has these users, in this order. */
export async function lists(client: TestClient, ...users: readonly TestClient[]): Promise<void> {
  const expected = users.map(userOf);
  await until(`a list of ${users.length} users`, () => isDeepStrictEqual(client.lists.at(-1), expected));
}

/**
 * Keeps the users online as a client knows them by `user-joined` and `user-left`, and compares each list that it is sent with that. A
 * list may be a little older where users come faster than it can be read: then it is what the client knew a few events before.
 */
export function modelOf(client: TestClient, online: readonly TestClient[]): { readonly strange: readonly unknown[] } {
  let users: readonly User[] = online.map(userOf);
  const known = [idsOf(users)];
  const strange: unknown[] = [];
  client.socket.onAny((name: string, ...args: unknown[]) => {
    if (name === "user-joined") users = [...without(users, (args[0] as User).id), args[0] as User];
    else if (name === "user-left") users = without(users, args[0] as string);
    else if (name === "users-list") {
      const listed = idsOf(args[0] as User[]);
      const at = known.findLastIndex((ids) => isDeepStrictEqual(ids, listed));
      if (at < 0) strange.push({ listed, known: [...known] });
      else known.splice(0, at); // a later list is not older than this one
      return;
    }
    known.push(idsOf(users));
  });
  return { strange };
}

const idsOf = (users: readonly User[]) => users.map(({ id }) => id).toSorted();

function without(users: readonly User[], id: string): User[] {
  return users.filter((user) => user.id !== id);
}
