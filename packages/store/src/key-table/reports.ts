import type { KeyDescriptions } from "./description.ts";

const changes = ["moderation/keep-report-6", "moderation/expire-reports-3", "moderation/resolve-report-4"];
const removals = ["moderation/keep-report-6", "moderation/expire-reports-3"];
const writers =
  "The node of a user who reports; `sy report`, and nodes for `/api/admin/reports`; the sweep removes old ones.";

export const reportKeys = {
  reports: {
    ids: [],
    type: "hash",
    holds: "The reports of users about users.",
    fields: {
      "<id>":
        "JSON: `id`, `at` (Unix ms), `dialect`, `room`, `category`, `words` (missing: none), `reporter` (`session`, `user`), `reported` (`user`, `session`, `name`, `network`)",
      "<id> messages": "the last messages of the room when it was made, oldest first (JSON)",
      "<id> verdict":
        "JSON: `verdict` (`upheld`, `dismissed`), `reason`, `by`, `at` (Unix ms); missing: nothing was decided",
    },
    until: "Each entry for `REPORT_RETENTION_DAYS`: the sweep removes older ones; beyond `REPORTS_KEPT` the oldest go.",
    personal:
      "who reported whom, in its own words, the address of the one who is reported, and the last messages of the room with the names of their senders",
    scripts: changes,
    writers,
    read: "HGET KEY <id>",
    sy: "sy reports",
  },
  reportTimes: {
    ids: [],
    type: "sorted set",
    holds: "All reports (ids), by the time at which they were made, Unix ms.",
    until: "Each entry as long as the report.",
    personal: false,
    scripts: removals,
    writers,
    read: "ZRANGE KEY 0 9 WITHSCORES",
  },
  openReports: {
    ids: [],
    type: "sorted set",
    holds: "The reports (ids) that nothing was decided about, by the time at which they were made, Unix ms.",
    until: "Each entry until the report is resolved, or removed.",
    personal: false,
    scripts: changes,
    writers,
    read: "ZCARD KEY",
    sy: "sy reports",
  },
  removals: {
    ids: [],
    type: "hash",
    holds: "The removals of messages that are under way.",
    fields: {
      "<room> <message>":
        "JSON: `dialect`, `room`, `message` (with its text), `by`, `reason`, `at` (Unix ms), `isDone` (it was carried out once)",
    },
    until: "Each entry for a minute, until the sweep has carried the removal out once more.",
    personal: "the message with its text and its sender",
    scripts: ["moderation/begin-removal-2"],
    writers: "`sy message rm`, and nodes for `/api/admin/messages`; the sweep removes each.",
    read: "HGETALL KEY",
  },
  reporter: {
    ids: ["<dialect>", "<user>"],
    type: "hash",
    holds: "The record of a user who reports others.",
    fields: { made: "number of reports", upheld: "how many of them were upheld", dismissed: "how many were dismissed" },
    until: "For `REPORT_RETENTION_DAYS` after the user's last report (TTL).",
    personal: "the user, and how many of its reports were upheld",
    scripts: ["moderation/keep-report-6", "moderation/resolve-report-4"],
    writers,
    read: "HGETALL KEY",
  },
  reportQuota: {
    ids: ["<subject>"],
    type: "string",
    holds:
      "The number of reports in a day, of a user (`user:<dialect>:<user>`) or from a network (`network:<its bits>`).",
    until: "For a day from the first of them (TTL).",
    personal: "a user, or the network of an address",
    scripts: ["moderation/keep-report-6"],
    writers: "The node of a user who reports.",
    read: "GET KEY",
  },
} as const satisfies KeyDescriptions;
