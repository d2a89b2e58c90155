/** The user who has logged in, with the token that proves it. */
export interface Account {
  username: string;
  token: string;
}

export type Credentials = Record<"username" | "password", string>;

/** A refused login or registration is a sentence for the person. */
export type Login = { account: Account } | { problem: string };

const KEY = "switchyard.account";
const UNREACHABLE = "The server can't be reached. Please try again.";

/** @param route `register` makes a new account */
export async function logIn(route: "login" | "register", credentials: Credentials): Promise<Login> {
  try {
    const response = await fetch(`/api/auth/${route}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(credentials),
    });
    const body: Partial<Account> & { error?: string } = await response.json();
    const { username, token, error } = body;
    return response.ok && username && token ? { account: { username, token } } : { problem: error ?? UNREACHABLE };
  } catch {
    return { problem: UNREACHABLE };
  }
}

/** The account of this tab, kept over a reload; null if nobody has logged in. */
export function keptAccount(): Account | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

/** @param account null: forgotten */
export function keepAccount(account: Account | null): void {
  try {
    if (account) sessionStorage.setItem(KEY, JSON.stringify(account));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage may be forbidden; the person then logs in again after a reload.
  }
}
