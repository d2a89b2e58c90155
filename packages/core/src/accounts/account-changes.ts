import { createHash } from "node:crypto";
import { Id } from "@switchyard/protocol";
import type { AccountIntent, MessagePolicy } from "@switchyard/store";
import type { Cluster } from "../context.ts";
import { finishAccount } from "./finishing.ts";

/** Longest reason of an operator, in UTF-16 units. */
const MAX_REASON_LENGTH = 500;
const ID_LENGTH = 24;

/** Actions of operators with accounts, as the audit log names them. */
export const accountActions = ["account-passwd", "account-revoke", "account-rm", "account-export"] as const;
export type AccountAction = (typeof accountActions)[number];

/** The operator who does something with somebody's account, and the reason. The audit log has both before it is done. */
export interface Attribution {
  /** The operator's name. */
  readonly by: string;
  readonly reason: string;
}

/** Something that can't be done; `message` says why, in a sentence. */
export class InvalidAttributionError extends Error {
  override readonly name = "InvalidAttributionError";
}

/** An account's id in the audit log, which has no names: so nothing there names somebody whose account is removed. */
export function accountId(name: string): string {
  return createHash("sha256").update(`account:${name.toLowerCase()}`).digest("hex").slice(0, ID_LENGTH);
}

/**
 * Notes in the audit log what an operator is about to do: an action that is done is there in any case.
 * @returns whether there is such an account
 * @throws InvalidAttributionError
 */
export async function auditAccountAction(
  { store }: Cluster,
  name: string,
  action: AccountAction,
  { by, reason }: Attribution,
): Promise<boolean> {
  if (reason.length === 0 || reason.length > MAX_REASON_LENGTH || /[\p{Cc}\p{Cs}]/u.test(reason))
    throw new InvalidAttributionError(
      `The reason must be 1 to ${MAX_REASON_LENGTH} characters, without control characters.`,
    );
  if (!Id.safeParse(by).success) throw new InvalidAttributionError("The operator's name can't be used.");
  if ((await store.accounts.ensureState(name)) === undefined) return false;
  await store.moderation.noteAccount(action, by, accountId(name), reason);
  return true;
}

/**
 * Creates an account.
 * @param password its hash
 * @returns the id for its tokens; `undefined` if the name is taken
 */
export async function registerAccount(
  cluster: Cluster,
  username: string,
  password: string,
): Promise<string | undefined> {
  return finishing(cluster, username, () => cluster.store.accounts.register(username, password));
}

/**
 * Changes the password that was checked: all tokens from before are void, and sessions with them end.
 * @param former the hash that was checked
 * @param password the new one's hash
 * @returns the id for new tokens; `undefined` if it has another password by now, or is being removed
 */
export async function changePassword(
  cluster: Cluster,
  name: string,
  former: string,
  password: string,
): Promise<string | undefined> {
  return finishing(cluster, name, () => cluster.store.accounts.changePassword(name, former, password));
}

/** Sets a password in the place of whatever there was; all tokens from before are void. Whether there is such an account. Repeatable. */
export async function setPassword(cluster: Cluster, name: string, password: string): Promise<boolean> {
  const { accounts } = cluster.store;
  if ((await accounts.ensureState(name)) === undefined) return false;
  return finishing(cluster, name, () => accounts.setPassword(name, password));
}

/** Logs out everywhere: all tokens are void. Whether there is such an account. Repeatable. */
export async function revokeTokens(cluster: Cluster, name: string): Promise<boolean> {
  const { accounts } = cluster.store;
  if ((await accounts.ensureState(name)) === undefined) return false;
  return finishing(cluster, name, () => accounts.voidTokens(name));
}

/**
 * Begins to remove an account: from now on it can't log in, its tokens are void, and its sessions end. Once these have ended nothing of it
 * is kept any longer, for which the sweep sees.
 * @returns whether there is such an account
 */
export async function removeAccount(cluster: Cluster, name: string, messages: MessagePolicy): Promise<boolean> {
  const { accounts } = cluster.store;
  if ((await accounts.ensureState(name)) === undefined) return false;
  return finishing(cluster, name, () => accounts.voidTokens(name, messages));
}

/**
 * Once a second, by the sweep: finishes what other processes began with accounts. One that can't be finished does not keep the others
 * waiting. Returns how many intents were settled.
 * @throws AggregateError once all were tried
 */
export async function sweepAccounts(cluster: Cluster): Promise<number> {
  let settled = 0;
  const failures: unknown[] = [];
  for (const intent of await cluster.store.accounts.unfinished(BATCH)) {
    try {
      if (await settle(cluster, intent)) settled += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, "what was begun with some accounts can't be finished yet");
  return settled;
}

/** How many intents one sweep looks at. */
const BATCH = 50;

/** Does something with an account between the intent and its end. */
async function finishing<Result>(cluster: Cluster, name: string, act: () => Promise<Result>): Promise<Result> {
  const intent = await cluster.store.accounts.begin(name);
  const result = await act();
  await settle(cluster, intent);
  return result;
}

async function settle(cluster: Cluster, intent: AccountIntent): Promise<boolean> {
  const isDone = await finishAccount(cluster, intent.name);
  if (isDone) await cluster.store.accounts.settle(intent);
  return isDone;
}
