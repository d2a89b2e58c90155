import type { KeyDescriptions } from "./description.ts";

const changes = ["moderation/put-ban-5", "moderation/lift-ban-5", "moderation/expire-bans-4"];
const operators = "`sy ban`, `sy unban`, and nodes for `/api/admin/bans`";

export const moderationKeys = {
  bans: {
    ids: [],
    type: "hash",
    holds: "The bans in force.",
    fields: {
      "<id>":
        "JSON: `id`, `effect` (`ban`, `mute`, `shadow`), `kind` (`user`, `address`, `network`), `whom`, `subject`, `dialect` (missing: everywhere), `until` (Unix ms; missing: for good), `reason`, `by`, `at` (Unix ms)",
    },
    until: "Each entry until the ban is lifted, or until the sweep finds that it is over.",
    personal: "the banned user, address or network, and the reason",
    scripts: changes,
    writers: `${operators}; the sweep removes those that are over.`,
    read: "HVALS KEY",
    sy: "sy bans",
  },
  banEnds: {
    ids: [],
    type: "sorted set",
    holds: "The bans that end by themselves (ids), by their end, Unix ms.",
    until: "Each entry as long as the ban.",
    personal: false,
    scripts: changes,
    writers: "As for the bans.",
    read: "ZRANGE KEY 0 9 WITHSCORES",
  },
  banMeta: {
    ids: [],
    type: "hash",
    holds: "The revision of the bans.",
    fields: { revision: "grows with each change; nodes and queues compare theirs with it" },
    until: "For good.",
    personal: false,
    scripts: changes,
    writers: "As for the bans.",
    read: "HGETALL KEY",
  },
  audit: {
    ids: [],
    type: "stream",
    holds: "The actions of operators.",
    fields: {
      action:
        "`ban`, `unban`, `uphold`, `dismiss`, `remove-message`, `account-passwd`, `account-revoke`, `account-rm`, `account-export` or `notify`",
      by: "the operator's name, or the way in (`sy`, `api`)",
      ban: "the ban as it was put in force, or lifted (JSON)",
      report: "the report that was resolved, without its words and messages (JSON)",
      message: "the message that was removed, without its text (JSON)",
      notice: "the event that was sent, without its payload (JSON)",
      account: "the account's id: a digest of its name, since the log keeps no names of accounts",
      reason:
        "why a ban was lifted, if a reason was given, a report resolved, a message removed, or something done with an account",
    },
    until: "Each entry for `AUDIT_RETENTION_DAYS`: the sweep removes older ones.",
    personal:
      "bans with their users, addresses and reasons; reports and removed messages with their users; the operators' names; accounts only by a digest of their names",
    scripts: [
      "moderation/put-ban-5",
      "moderation/lift-ban-5",
      "moderation/resolve-report-4",
      "moderation/begin-removal-2",
      "moderation/begin-notice-3",
    ],
    writers: `${operators}; \`sy account\` and nodes for \`/api/admin/accounts\` (\`XADD\`); the sweep (\`XTRIM\`).`,
    read: "XREVRANGE KEY + - COUNT 10",
    sy: "sy audit",
  },
  banChanges: {
    ids: [],
    type: "channel",
    holds:
      "Every change of the bans, as JSON: `[revision before, revision, 'put', ban]`, `[revision before, revision, 'drop', id, …]`. Nodes follow it.",
    until: "It is not stored.",
    personal: "as for the bans, while it is published",
    scripts: changes,
    writers: "As for the bans.",
    read: "SSUBSCRIBE KEY",
  },
} as const satisfies KeyDescriptions;
