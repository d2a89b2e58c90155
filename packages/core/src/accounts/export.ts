import type { ChatMessage } from "@switchyard/protocol";
import type { Cluster } from "../context.ts";
import { readFeedEvent } from "../presence/feed-event.ts";
import { accountId } from "./account-changes.ts";
import { contextsWithAccounts } from "./finishing.ts";

/** All that is kept of an account's owner, for the owner. Reports about a user are not part of it: they tell about those who reported. */
export interface AccountExport {
  readonly username: string;
  /** By which the audit log names the account. */
  readonly id: string;
  /** When it was registered, ISO 8601; missing where that is not known. */
  readonly created?: string;
  /** The sessions that stand for the user now. */
  readonly sessions: readonly { readonly dialect: string; readonly session: string; readonly since: string }[];
  /** The messages that are kept, oldest first. */
  readonly messages: readonly {
    readonly dialect: string;
    readonly id: string;
    readonly at: string;
    readonly text: string;
  }[];
  /** Bans and mutes of the user that are in force. */
  readonly bans: readonly {
    readonly effect: string;
    readonly dialect?: string;
    readonly reason: string;
    readonly at: string;
    readonly until?: string;
  }[];
}

/** Everything that is kept of an account's owner; `undefined` if there is no such account. It reads the whole history, page by page. */
export async function exportAccount(cluster: Cluster, name: string): Promise<AccountExport | undefined> {
  const { store } = cluster;
  const state = await store.accounts.state(name);
  if (!state) return undefined;
  const { username, created } = state;
  const sessions: AccountExport["sessions"][number][] = [];
  const messages: AccountExport["messages"][number][] = [];
  for (const { dialect } of contextsWithAccounts(cluster)) {
    for (const session of await store.users.sessions(dialect, username)) {
      const record = await store.sessions.read(session);
      if (record) sessions.push({ dialect, session, since: isoOf(record.opened) });
    }
    for await (const entries of store.feedRewriting.entries(dialect)) {
      const said = entries.flatMap((entry): ChatMessage[] => {
        const event = readFeedEvent(entry);
        return event.type === "said" && event.message.user === username ? [event.message] : [];
      });
      messages.push(...said.map(({ id, at, text }) => ({ dialect, id, at: isoOf(at), text })));
    }
  }
  return {
    username,
    id: accountId(username),
    ...(created > 0 && { created: isoOf(created) }),
    sessions,
    messages,
    bans: await bansOf(cluster, username),
  };
}

async function bansOf({ store }: Cluster, username: string): Promise<AccountExport["bans"]> {
  const { bans } = await store.moderation.load();
  return bans
    .filter(({ kind, whom }) => kind === "user" && whom === username)
    .map(({ effect, dialect, reason, at, until }) => ({
      effect,
      ...(dialect !== undefined && { dialect }),
      reason,
      at: isoOf(at),
      ...(until !== undefined && { until: isoOf(until) }),
    }));
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
