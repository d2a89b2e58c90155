import type { AccountState } from "@switchyard/store";
import type { Cluster, Context } from "../context.ts";
import { endSession } from "../session/end-session.ts";

/** Messages have their times from several processes, which measure Redis's clock each by itself. */
const CLOCKS_DIFFER_MS = 1000;

/**
 * Brings everything that follows from an account's state into line with it: it is on the list of names, nodes know which of its tokens
 * are void, sessions that wait for their client end where tokens became void, and of an account that is being removed nothing stays.
 * Repeatable, and safe beside another process that does the same.
 * @returns whether nothing is left to be done
 */
export async function finishAccount(cluster: Cluster, name: string): Promise<boolean> {
  const { accounts, accountIndex } = cluster.store;
  const state = await accounts.state(name);
  if (!state) return true; // it was never made, or is removed
  const { username, created, voided, removing } = state;
  await accountIndex.announceVoids(voided);
  const live = voided.length > 0 || removing ? await endDetached(cluster, username) : 0;
  await accounts.announced(name, voided);
  if (!removing) {
    if (created > 0) await accountIndex.add({ username, created }); // last: refused where Redis is full
    return true;
  }
  if (live > 0) return false; // their nodes end them now; until then they could still say something
  return finishRemoval(cluster, name, state);
}

/**
 * Several processes may do this at the same time, and one of them so late that the name is registered again: it leaves the new account
 * as it is.
 */
async function finishRemoval(cluster: Cluster, name: string, state: AccountState): Promise<boolean> {
  const { username, tokens, removing } = state;
  const { accounts, accountIndex, clock } = cluster.store;
  const until = clock.now() + CLOCKS_DIFFER_MS;
  // asked again: only if it is still there, what comes later is another account's
  if ((await accounts.tokensOf(name)) !== tokens) return finishAccount(cluster, name);
  for (const context of contextsWithAccounts(cluster)) {
    for (const feature of context.features)
      await feature.forget?.(context, { user: username, messages: removing ?? "erase", until });
  }
  await accountIndex.remove(username);
  return (await accounts.remove(name, tokens)) || finishAccount(cluster, name);
}

/** The dialects in which accounts leave something. */
export function contextsWithAccounts({ contexts }: Cluster): Context[] {
  return [...contexts.values()].filter(({ features }) => features.some(({ forget }) => forget !== undefined));
}

/** Sessions of an account that wait for their client end. Returns how many are still held by a node. */
async function endDetached(cluster: Cluster, username: string): Promise<number> {
  const { sessions, users } = cluster.store;
  let live = 0;
  for (const { dialect } of contextsWithAccounts(cluster)) {
    for (const session of await users.sessions(dialect, username)) {
      const record = await sessions.read(session);
      if (!record) await users.release(dialect, username, session);
      else if (record.state === "live") live += 1;
      else await endSession(cluster, session, record.node, record.epoch);
    }
  }
  return live;
}
