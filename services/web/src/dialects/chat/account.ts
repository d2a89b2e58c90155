/** The user who has logged in, with the token that proves it. */
export interface Account {
  username: string;
  token: string;
}

export type Credentials = Record<"username" | "password", string>;

/** A refused login or registration is a sentence for the person. */
export type Login = { account: Account } | { problem: string };

const KEY = "switchyard.account";
/** The proofs that this device has logged in, by the name in lower case: for good, since a tab does not last. */
const DEVICE_KEY = "switchyard.device.";
export const UNREACHABLE = "The server can't be reached. Please try again.";

/** @param route `register` makes a new account */
export async function logIn(route: "login" | "register", credentials: Credentials): Promise<Login> {
  try {
    const response = await fetch(`/api/auth/${route}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...credentials, device: keptDevice(credentials.username) }),
    });
    const body: Partial<Account> & { error?: string; device?: string } = await response.json();
    const { username, token, error, device } = body;
    if (username && device) keepDevice(username, device);
    return response.ok && username && token ? { account: { username, token } } : { problem: error ?? UNREACHABLE };
  } catch {
    return { problem: UNREACHABLE };
  }
}

/** By it the server tells the owner of a name from others who guess; empty: this device has not logged in with that name. */
function keptDevice(name: string): string {
  try {
    return localStorage.getItem(DEVICE_KEY + name.toLowerCase()) ?? "";
  } catch {
    return "";
  }
}

function keepDevice(name: string, device: string): void {
  try {
    localStorage.setItem(DEVICE_KEY + name.toLowerCase(), device);
  } catch {
    // Storage may be forbidden; then guesses of others can keep this person waiting.
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
