import type { KeyDescriptions } from "./description.ts";

const senders =
  "The process that was given the event: `sy notify`, and nodes for `POST /api/events`; the sweep, if that process is dead.";

export const noticeKeys = {
  notice: {
    ids: ["<id>"],
    type: "hash",
    holds:
      "An event of a back end, by the id of its request: whom it reached, so that a repeated request sends nothing again.",
    fields: {
      digest: "SHA-256 of the receivers, the event's name and its payload: another event with the same id is refused",
      request: "JSON: `id`, `to`, `name`, `payload`; until it was sent to all",
      cursor: "how far the dialect's sessions were gone through (`HSCAN`); `done`: it was sent to all",
      connected:
        "the sessions that have it in their outboxes and were connected then; for a feed, those in the dialect",
      detached: "the sessions that had no connection then",
      entry: "its entry in the dialect's feed; missing: it went to outboxes",
    },
    until: "15 minutes, which Redis ends.",
    personal: "the user or the room that the event is for; until it was sent, its payload",
    scripts: ["moderation/begin-notice-3", "moderation/advance-notice-2"],
    writers: senders,
    read: "HGETALL KEY",
  },
  openNotices: {
    ids: [],
    type: "sorted set",
    holds: "The events of back ends (ids) that were not sent to all yet, by the time of the last step, Unix ms.",
    until: "Each entry until it was sent to all; the sweep finishes those that nobody goes on with.",
    personal: false,
    scripts: ["moderation/begin-notice-3", "moderation/advance-notice-2"],
    writers: senders,
    read: "ZRANGE KEY 0 9 WITHSCORES",
  },
  feedNotice: {
    ids: ["<dialect>", "<id>"],
    type: "string",
    holds: "The entry of the dialect's feed that an event of a back end has, by the id of its request.",
    until: "15 minutes, which Redis ends.",
    personal: false,
    scripts: ["feed/post-notice-3"],
    writers: senders,
    read: "GET KEY",
  },
} as const satisfies KeyDescriptions;
