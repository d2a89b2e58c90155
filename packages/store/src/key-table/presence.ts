import type { KeyDescriptions } from "./description.ts";

const dialect = ["<dialect>"];

export const presenceKeys = {
  presenceSessions: {
    ids: dialect,
    type: "hash",
    holds: "Who is connected in the dialect, or within its grace.",
    fields: { "<session>": "empty" },
    until: "Each entry until its session ends.",
    scripts: [],
    writers: "Nodes when somebody comes (`HSET`); whoever ends the session (`HDEL`).",
    read: "HLEN KEY",
  },
  presenceMeta: {
    ids: dialect,
    type: "hash",
    holds: "When everyone was last told how many they are: so it is told at most once a second.",
    fields: {
      announced: "the number that everyone was told last",
      at: "when that was, Unix ms",
    },
    until: "For good.",
    scripts: ["announce-population-2"],
    writers: "Whoever noticed that somebody came or went.",
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
  },
  lobby: {
    ids: dialect,
    type: "channel",
    holds: "Events for everyone in the dialect, as they go over the wire (JSON array text). Every node listens.",
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
