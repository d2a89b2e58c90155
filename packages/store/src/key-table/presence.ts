import type { KeyDescriptions } from "./description.ts";

const dialect = ["<dialect>"];

export const presenceKeys = {
  presenceSessions: {
    ids: dialect,
    type: "hash",
    holds: "Who is connected in the dialect, or within its grace.",
    fields: {
      "<session>": "the newest epoch in which it said something to everyone, where that is above 1; else empty",
    },
    until: "Each entry until its session ends.",
    scripts: ["presence/add-session-2", "presence/remove-session-2", "feed/post-event-3"],
    writers: "Nodes when somebody comes; whoever ends the session.",
    read: "HLEN KEY",
    sy: "sy sessions --dialect <dialect>",
  },
  presenceMeta: {
    ids: dialect,
    type: "hash",
    holds: "When everyone was last told how many they are, or who: so it is told at most once a second; and counters.",
    fields: {
      changes: "counts who came and who went",
      announced: "the value of `changes`, in `chat` of `names`, as of which everyone was told last",
      at: "when that was, or was to be, Unix ms",
      names: "counts the changes of who is there by name",
      arrivals: "counts who came",
      fed: "counts the entries of the feed",
      fedAt: "when the feed's last entry was made, Unix ms",
      last: "the id of the feed's last entry",
    },
    until: "For good.",
    scripts: [
      ...[
        "presence/add-session-2",
        "presence/remove-session-2",
        "presence/announce-population-2",
        "presence/announce-names-2",
        "feed/post-event-3",
      ],
      ...[
        "presence/set-user-online-4",
        "presence/set-user-offline-4",
        "presence/add-user-session-4",
        "presence/remove-user-session-4",
      ],
    ],
    writers: "Whoever noticed that somebody came or went; the node of whoever speaks to everyone.",
    read: "HGETALL KEY",
  },
  presenceRooms: {
    ids: dialect,
    type: "set",
    holds: "The rooms that are open.",
    until: "Each entry until the room is left.",
    scripts: [],
    writers: "Matchmakers when a room opens (`SADD`); whoever ends it (`SREM`).",
    read: "SCARD KEY",
    sy: "sy rooms --dialect <dialect>",
  },
  presencePeople: {
    ids: dialect,
    type: "hash",
    holds: "Who is online, by user.",
    fields: {
      "<user>":
        "in `calls` `<session> <claim> <JSON>`: by which session it is online, the number by which that one claimed the user, and what its client gave; in `chat` by how many sessions it is there",
    },
    until: "Each entry until the user is online no more.",
    scripts: [
      "presence/set-user-online-4",
      "presence/set-user-offline-4",
      "presence/add-user-session-4",
      "presence/remove-user-session-4",
    ],
    writers: "The node of who comes online; whoever ends its session.",
    read: "HLEN KEY",
  },
  presenceArrivals: {
    ids: dialect,
    type: "sorted set",
    holds: "Who is online, in the order in which they came.",
    until: "Each entry until the user is online no more.",
    scripts: [
      "presence/set-user-online-4",
      "presence/set-user-offline-4",
      "presence/add-user-session-4",
      "presence/remove-user-session-4",
    ],
    writers: "The node of who comes online; whoever ends its session.",
    read: "ZRANGE KEY 0 9",
  },
  presenceHolders: {
    ids: dialect,
    type: "hash",
    holds: "Which sessions are counted in `:people`, where a user may be there several times (`chat`).",
    fields: { "<session>": "its user" },
    until: "Each entry until its session ends.",
    scripts: ["presence/add-user-session-4", "presence/remove-user-session-4"],
    writers: "The node of who comes; whoever ends its session.",
    read: "HLEN KEY",
  },
  feed: {
    ids: dialect,
    type: "stream and channel",
    holds:
      "What concerns everyone in the dialect, in one order, entry `<Unix ms>-<number>`: in `calls` who came and went, in `chat` the messages. On the channel of the same name it goes to all nodes: `<id> \n <sessions that are not to hear it> \n <event>`.",
    fields: { e: "the event (JSON)", x: "the sessions that are not to hear it, divided by spaces, or empty" },
    until: "`calls`: trimmed to about 10,000 entries. `chat`: to `CHAT_MESSAGES_KEPT`, and `CHAT_RETENTION_DAYS`.",
    scripts: ["feed/post-event-3", "presence/set-user-online-4", "presence/set-user-offline-4"],
    writers: "The node of who speaks, comes or goes; whoever ends a session. The sweep trims it.",
    read: "XREVRANGE KEY + - COUNT 10",
  },
  lobby: {
    ids: dialect,
    type: "channel",
    holds:
      "How many, or who, there are, as it goes over the wire (JSON array text). Each node that receives it reads the current state, and sends that.",
    until: "It is only passed on.",
    scripts: [],
    writers: "Whoever announces the number of people (`SPUBLISH`).",
    read: "SSUBSCRIBE KEY",
  },
  counters: {
    ids: dialect,
    type: "hash",
    holds: "What the dialect has done since its first start.",
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
