import { reasonText } from "../../shared/error-text.ts";
import { type Account, UNREACHABLE } from "./account.ts";

/** The outcome of an action; a problem is a sentence for the person. */
export type Outcome = { readonly problem: string | null };

/** The session whose account it is, and that has to go on differently. */
interface AccountOwner {
  account(): Account | null;
  /** The account goes on with another token: all others are void. */
  renewed(account: Account, notice: string): void;
  /** All tokens are void. */
  ended(notice: string): void;
}

interface Refusal {
  error?: string;
  code?: string;
  retryAfterMs?: number;
}

type Route = "password" | "logout" | "delete" | "export";

const WEAK = "Please choose a password that is harder to guess: 8 characters at least, and best several words.";
const LOGIN_LOST = "Your login is no longer valid. Please log out, and log in again.";
const done: Outcome = { problem: null };

/** A person's actions about the own account, over HTTP. */
export class AccountActions {
  readonly #owner: AccountOwner;

  constructor(owner: AccountOwner) {
    this.#owner = owner;
  }

  async changePassword(password: string, newPassword: string): Promise<Outcome> {
    return this.#ask("password", { password, newPassword }, async (answer) => {
      const { username, token }: Account = await answer.json();
      this.#owner.renewed({ username, token }, "Your password is changed, and all your other logins have ended.");
    });
  }

  async logOutEverywhere(): Promise<Outcome> {
    return this.#ask("logout", {}, () => this.#owner.ended("You are logged out everywhere."));
  }

  async deleteAccount(password: string): Promise<Outcome> {
    return this.#ask("delete", { password }, () => this.#owner.ended("Your account is deleted."));
  }

  /** Hands the person a file with all that the server keeps about it. */
  async downloadData(): Promise<Outcome> {
    return this.#ask("export", null, async (answer) => {
      save(await answer.blob(), `${this.#owner.account()?.username ?? "account"}.json`);
    });
  }

  /** @param body null: it is a GET */
  async #ask(route: Route, body: object | null, onDone: (answer: Response) => void | Promise<void>): Promise<Outcome> {
    try {
      const answer = await fetch(`/api/account/${route}`, {
        method: body ? "POST" : "GET",
        headers: {
          authorization: `Bearer ${this.#owner.account()?.token ?? ""}`,
          ...(body && { "content-type": "application/json" }),
        },
        body: body && JSON.stringify(body),
      });
      if (!answer.ok) return { problem: problemOf(answer, await answer.json()) };
      await onDone(answer);
      return done;
    } catch {
      return { problem: UNREACHABLE };
    }
  }
}

function problemOf({ status, headers }: Response, { error, code = "", retryAfterMs }: Refusal): string {
  if (status === 400) return WEAK; // the only thing that a person can get wrong there
  if (headers.has("www-authenticate")) return LOGIN_LOST;
  if (status === 429) return reasonText({ code, message: error ?? "", retryAfterMs });
  return error ?? UNREACHABLE;
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
