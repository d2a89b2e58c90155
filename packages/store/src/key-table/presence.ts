import type { KeyDescriptions } from "./description.ts";

const dialect = ["<dialect>"];

export const presenceKeys = {
  presenceSessions: {
    ids: dialect,
    type: "hash",
    holds: "The sessions in the dialect that are connected, or within their grace.",
    fields: {
      "<session>": "the newest epoch in which it posted to the feed, if that is above 1; else empty",
    },
    until: "Each entry until its session ends.",
    scripts: ["presence/add-session-2", "presence/remove-session-2", "feed/post-event-3"],
    writers: "Nodes when a session opens; the process that ends it.",
    read: "HLEN KEY",
    sy: "sy sessions --dialect <dialect>",
  },
  presenceMeta: {
    ids: dialect,
    type: "hash",
    holds:
      "The time of the last announcement of the number of users, or of their names, so that there is at most one a second; and counters.",
    fields: {
      changes: "counts sessions added and removed",
      announced: "the value of `changes` (in `chat` of `names`) at the last announcement",
      at: "the time of that announcement, past or planned, Unix ms",
      names: "counts the changes of the users online by name",
      arrivals: "counts users who came online",
      fed: "counts the entries of the feed",
      fedBytes: "how many bytes of events have been appended to the feed, ever",
      fedAt: "the time of the feed's last entry, Unix ms",
      last: "the id of the feed's last entry",
    },
    until: "For good.",
    scripts: [
      "presence/add-session-2",
      "presence/remove-session-2",
      "presence/announce-population-2",
      "presence/announce-names-2",
      "feed/post-event-3",
      "feed/remove-entry-3",
      "presence/set-user-online-4",
      "presence/set-user-offline-4",
      "presence/add-user-session-4",
      "presence/remove-user-session-4",
    ],
    writers: "The process that adds or removes a session or a user; the node of a session that posts to the feed.",
    read: "HGETALL KEY",
  },
  presenceRooms: {
    ids: dialect,
    type: "set",
    holds: "The rooms that are open.",
    until: "Each entry until the room ends.",
    scripts: ["presence/list-room-1"],
    writers: "Matchmakers and nodes when a room opens; the process that ends it (`SREM`).",
    read: "SCARD KEY",
    sy: "sy rooms --dialect <dialect>",
  },
  presencePeople: {
    ids: dialect,
    type: "hash",
    holds: "The users online.",
    fields: {
      "<user>":
        "in `calls` `<session> <claim> <JSON>`: the session that stands for the user, the number of its claim, and the profile that its client gave; in `chat` the number of the user's sessions",
    },
    until: "Each entry until the user is no longer online.",
    scripts: [
      "presence/set-user-online-4",
      "presence/set-user-offline-4",
      "presence/add-user-session-4",
      "presence/remove-user-session-4",
    ],
    writers: "The node of a user who comes online; the process that ends the session.",
    read: "HLEN KEY",
  },
  presenceArrivals: {
    ids: dialect,
    type: "sorted set",
    holds: "The users online, in the order in which they came online.",
    until: "Each entry until the user is no longer online.",
    scripts: [
      "presence/set-user-online-4",
      "presence/set-user-offline-4",
      "presence/add-user-session-4",
      "presence/remove-user-session-4",
    ],
    writers: "The node of a user who comes online; the process that ends the session.",
    read: "ZRANGE KEY 0 9",
  },
  presenceHolders: {
    ids: dialect,
    type: "hash",
    holds: "The sessions counted in `:people`, in a dialect in which a user may have several (`chat`).",
    fields: { "<session>": "its user" },
    until: "Each entry until its session ends.",
    scripts: ["presence/add-user-session-4", "presence/remove-user-session-4"],
    writers: "The node of the session; the process that ends it.",
    read: "HLEN KEY",
  },
  feed: {
    ids: dialect,
    type: "stream and channel",
    holds:
      "The feed: events for everyone in the dialect, in one order, entry `<Unix ms>-<number>`. In `calls` users who come online or go offline, in `chat` the messages. On the channel of the same name they go to all nodes: `<id> \n <sessions that do not receive it> \n <event>`.",
    fields: {
      e: "the event (JSON)",
      x: "the sessions that do not receive it, separated by spaces, or empty",
      b: "how many bytes of events had been appended before it; older versions wrote none",
    },
    until:
      "`calls`: trimmed to about 10,000 entries, and 16 MiB of events. `chat`: to `CHAT_MESSAGES_KEPT`, `CHAT_HISTORY_BYTES` and `CHAT_RETENTION_DAYS`.",
    scripts: ["feed/post-event-3", "feed/remove-entry-3", "presence/set-user-online-4", "presence/set-user-offline-4"],
    writers:
      "The node of a user who sends a message, comes online or goes offline; the process that ends a session. The sweep trims it.",
    read: "XREVRANGE KEY + - COUNT 10",
  },
  feedRemoved: {
    ids: dialect,
    type: "sorted set",
    holds:
      "The entries of the feed that an operator removed, by their numbers: `<id> \n <event>`, the event that stands in the place of each.",
    until: "The last 1000 for good; without the text that was removed.",
    scripts: ["feed/remove-entry-3"],
    writers: "`sy message rm`, and nodes for `/api/admin/messages`.",
    read: "ZRANGE KEY 0 9",
  },
  lobby: {
    ids: dialect,
    type: "channel",
    holds:
      "The number or the list of users, as it goes over the wire (JSON array text). Each node that receives it reads the current state, and sends that.",
    until: "It is not stored.",
    scripts: [],
    writers: "The node that announces the number or the list (`SPUBLISH`).",
    read: "SSUBSCRIBE KEY",
  },
  counters: {
    ids: dialect,
    type: "hash",
    holds: "Counters of the dialect since its first start.",
    fields: {
      messages: "chat messages that reached everyone in their room",
      signals: "offers, answers and candidates that reached the peer",
    },
    until: "For good.",
    scripts: [],
    writers: "Every node adds what it counted, once a second (`HINCRBY`).",
    read: "HGETALL KEY",
  },
} as const satisfies KeyDescriptions;
