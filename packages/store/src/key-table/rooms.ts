import type { KeyDescriptions } from "./description.ts";

const room = ["<room>"];

export const roomKeys = {
  roomMeta: {
    ids: room,
    type: "hash",
    holds: "What a room is, and whether people can speak in it.",
    fields: {
      state: "`open`; `closing`: nobody can speak in it any more; `void`: it never opened, or is removed",
      kind: "`pair`, `match`, `call` or `meeting`",
      dialect: "the dialect of those in it",
      created: "when it was opened, Unix ms",
      changed: "when somebody last came or went, Unix ms; not for a pair",
      revision:
        "counts the changes in it, and what is said, from the time at which it was opened (Unix µs) on; not for a pair",
      "f:<session>": "the newest epoch in which that one spoke, where it is above 1: older ones are refused",
      entries: "how many have come in; not for a pair",
    },
    until:
      "Until the room is left; a meeting stays for `ROOM_LINGER_MS` (TTL). Of a pair that was left or never opened `state` = `void` stays for a minute (TTL).",
    scripts: [
      ...[
        "room/decide-room-2",
        "room/close-room-2",
        "room/remove-room-3",
        "room/enter-room-5",
        "room/exit-room-5",
        "room/set-flag-2",
        "room/post-message-3",
      ],
    ],
    writers: "Matchmakers open a pair, nodes everything else; nodes, or the sweep, end it.",
    read: "HGETALL KEY",
    sy: "sy room <room>",
  },
  roomPeers: {
    ids: room,
    type: "hash",
    holds: "Who is in the room.",
    fields: {
      "<session>":
        "in a pair JSON: `user`; else `<place> <attempt> <revision> <since> <flags> <JSON>`: which came as how many-th, by which attempt of the session and which change of the room, since which change its user is there, its flags (audio muted, video off, screen shared), and `user`, `joined` (Unix ms), `profile`",
    },
    until: "Until the room is left; each entry of a room that clients name until its session has left it.",
    scripts: ["room/decide-room-2", "room/remove-room-3", "room/enter-room-5", "room/exit-room-5", "room/set-flag-2"],
    writers: "Matchmakers and nodes when somebody comes in; nodes, or the sweep, when it ends.",
    read: "HGETALL KEY",
    sy: "sy room <room>",
  },
  roomUsers: {
    ids: room,
    type: "hash",
    holds: "By which session each user is in the room: a user is in it once.",
    fields: { "<user>": "`<claim> <session>`: the number by which that session claimed the user" },
    until: "Until the room is left.",
    scripts: ["room/enter-room-5", "room/exit-room-5"],
    writers: "The node of who comes in; whoever takes a session out.",
    read: "HGETALL KEY",
    sy: "sy room <room>",
  },
  roomGone: {
    ids: room,
    type: "hash",
    holds: "Who has left while the others may not have been told yet.",
    fields: { "<session>": "`<revision>`, and the entry that it had" },
    until: "Each entry until the others have been told; all until the room is left.",
    scripts: ["room/exit-room-5", "room/forget-leaver-1"],
    writers: "Whoever takes a session out.",
    read: "HGETALL KEY",
    sy: "sy room <room>",
  },
  roomChat: {
    ids: room,
    type: "stream",
    holds:
      "The last messages, about 50 in a pair, `CHAT_MESSAGES_KEPT` in a meeting; an entry's id is the message's id.",
    fields: { m: "JSON: `session`, `user`, `name`, `text`" },
    until: "Until the room is left; a meeting's for `ROOM_LINGER_MS` more (TTL).",
    scripts: ["room/post-message-3", "room/remove-room-3", "room/enter-room-5", "room/exit-room-5"],
    writers: "The speaker's node.",
    read: "XREVRANGE KEY + - COUNT 10",
  },
} as const satisfies KeyDescriptions;
