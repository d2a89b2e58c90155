import type { KeyDescriptions } from "./description.ts";

const room = ["<room>"];

export const roomKeys = {
  roomMeta: {
    ids: room,
    type: "hash",
    holds: "What a room is, and whether people can speak in it.",
    fields: {
      state: "`open`; `closing`: nobody can speak in it any more; `void`: it never opened, or is removed",
      kind: "`pair`",
      dialect: "the dialect of those in it",
      created: "when it was opened, Unix ms",
    },
    until: "Until the room is left. Then, or if it never opened, `state` = `void` stays for a minute (TTL).",
    scripts: ["decide-room-2", "close-room-2", "remove-room-3"],
    writers: "Matchmakers open it; nodes, or the sweep, end it.",
    read: "HGETALL KEY",
  },
  roomPeers: {
    ids: room,
    type: "hash",
    holds: "Who is in the room.",
    fields: { "<session>": "JSON: `user`" },
    until: "Until the room is left.",
    scripts: ["decide-room-2", "remove-room-3"],
    writers: "Matchmakers when it opens; nodes, or the sweep, when it ends.",
    read: "HGETALL KEY",
  },
  roomChat: {
    ids: room,
    type: "stream",
    holds: "The last messages, about 50; an entry's id is the message's id.",
    fields: { m: "JSON: `session`, `user`, `text`" },
    until: "Until the room is left.",
    scripts: ["say-3", "remove-room-3"],
    writers: "The speaker's node.",
    read: "XREVRANGE KEY + - COUNT 10",
  },
} as const satisfies KeyDescriptions;
