import type { KeyDescriptions } from "./description.ts";

const room = ["<room>"];

export const roomKeys = {
  roomMeta: {
    ids: room,
    type: "hash",
    holds: "A room's kind and state.",
    fields: {
      state: "`open`; `closing`: messages and signals are refused; `void`: it never opened, or is removed",
      kind: "`pair`, `match`, `call` or `meeting`",
      dialect: "the dialect of its members",
      created: "when it was opened, Unix ms",
      changed: "time of the last entry or exit of a member, or of the creation, Unix ms; not for a pair",
      revision:
        "counts changes and messages, starting with the time at which the room was opened (Unix µs); not for a pair",
      "f:<session>": "the newest epoch in which that session sent a message, if it is above 1: older ones are refused",
      said: "how many bytes of messages have been posted, ever",
      entries: "number of members that have entered; not for a pair",
    },
    until:
      "Until the room ends; an empty meeting stays for `ROOM_LINGER_MS` (TTL), one that was created and that nobody has entered yet for `ROOM_UNUSED_MS` (TTL). For a pair that was left or never opened, `state` = `void` stays for a minute (TTL).",
    personal: false,
    scripts: [
      "room/decide-room-2",
      "room/close-room-2",
      "room/remove-room-3",
      "room/create-room-2",
      "room/enter-room-5",
      "room/exit-room-5",
      "room/set-flag-2",
      "room/post-message-3",
      "room/remove-message-3",
    ],
    writers: "Matchmakers open pairs, nodes all other rooms; nodes or the sweep end them.",
    read: "HGETALL KEY",
    sy: "sy room <room>",
  },
  roomPeers: {
    ids: room,
    type: "hash",
    holds: "The members of the room.",
    fields: {
      "<session>":
        "in a pair JSON: `user`; else `<place> <attempt> <revision> <since> <flags> <JSON>`: its rank in the order of entry, its entry attempt, the room's revision at its entry, the revision since which its user is in the room, its flags (audio muted, video off, screen shared), and `user`, `joined` (Unix ms), `profile`",
    },
    until: "Until the room ends; in a named room each entry until its session has left it.",
    personal: "the members, with the profiles that their clients gave",
    scripts: ["room/decide-room-2", "room/remove-room-3", "room/enter-room-5", "room/exit-room-5", "room/set-flag-2"],
    writers: "Matchmakers and nodes when a session enters; nodes or the sweep when the room ends.",
    read: "HGETALL KEY",
    sy: "sy room <room>",
  },
  roomUsers: {
    ids: room,
    type: "hash",
    holds: "The session by which each user is in the room: a user is in it once.",
    fields: { "<user>": "`<claim> <session>`: the number by which that session claimed the user" },
    until: "Until the room ends.",
    personal: "the members",
    scripts: ["room/enter-room-5", "room/exit-room-5"],
    writers: "The node of a session that enters; the process that takes a session out.",
    read: "HGETALL KEY",
    sy: "sy room <room>",
  },
  roomGone: {
    ids: room,
    type: "hash",
    holds: "Members that have left, of which the other members may not have been notified yet.",
    fields: { "<session>": "`<revision>`, and its entry in `:peers`" },
    until: "Each entry until the other members have been notified; all until the room ends.",
    personal: "members that have left",
    scripts: ["room/exit-room-5", "room/forget-leaver-1"],
    writers: "The process that takes a session out.",
    read: "HGETALL KEY",
    sy: "sy room <room>",
  },
  roomChat: {
    ids: room,
    type: "stream",
    holds:
      "The recent messages, about 50 in a pair, `CHAT_MESSAGES_KEPT` in a meeting, and at most `ROOM_HISTORY_BYTES`; an entry's id is the message's id.",
    fields: {
      m: "JSON: `session`, `user`, `name`, `text`",
      b: "how many bytes of messages had been posted before it; older versions wrote none",
    },
    until:
      "Until the room ends; those of an empty meeting for `ROOM_LINGER_MS` (TTL), the last 20 of a pair, up to 4 KiB, for a minute (TTL).",
    personal: "the texts, with the names of their senders",
    scripts: [
      "room/post-message-3",
      "room/remove-message-3",
      "room/remove-room-3",
      "room/enter-room-5",
      "room/exit-room-5",
    ],
    writers: "The sender's node.",
    read: "XREVRANGE KEY + - COUNT 10",
  },
} as const satisfies KeyDescriptions;
