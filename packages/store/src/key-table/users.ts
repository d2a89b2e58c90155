import type { KeyDescriptions } from "./description.ts";

const user = ["<dialect>", "<user>"];

export const userKeys = {
  user: {
    ids: user,
    type: "hash",
    holds: "The session that stands for a user; in `chat`, all of them.",
    fields: {
      session: "the session that stands for the user now",
      claims:
        "the number of the last claim; later ones are higher, even after the user was released (Unix µs at least)",
      "s:<session>": "one of the user's sessions (`chat`)",
      "e:<session>": "a session that was replaced and whose eviction is not carried out yet; the value is `1`",
    },
    until:
      "Until that session ends, or stands for another user. A new claim lapses in 10 minutes (TTL) unless the node finds the session still there right after it.",
    personal: "the user, and its sessions",
    scripts: ["user/claim-user-1", "user/keep-claim-1", "user/release-user-1"],
    writers:
      "Nodes at an opening event; the process that ends the session; `HDEL` by the node that carried out an eviction.",
    read: "HGETALL KEY",
    sy: "sy sessions --dialect <dialect> --user <user>",
  },
  userMet: {
    ids: user,
    type: "sorted set",
    holds: "The last five partners (user ids) by the time at which they were met, Unix ms.",
    until: "30 minutes after the last one was met (TTL).",
    personal: "the user, and whom it met",
    scripts: ["user/remember-partner-1"],
    writers: "Matchmakers, before the two receive `paired`.",
    read: "ZRANGE KEY 0 -1 WITHSCORES",
  },
  userMeeting: {
    ids: ["<dialect>", "<one>", "<other>"],
    type: "hash",
    holds: "The last meeting of two users, whose ids are in the order of their characters, percent-encoded.",
    fields: {
      room: "the room in which they met",
      repeated: "whether they had met before, as long as that was remembered: `1` or `0`",
    },
    until: "30 minutes after they met (TTL).",
    personal: "two users who met",
    scripts: ["user/note-meeting-1"],
    writers: "Matchmakers, before the two receive `paired`.",
    read: "HGETALL KEY",
  },
  userBlocked: {
    ids: user,
    type: "set",
    holds: "The users that the user blocked (user ids): at most 100.",
    until: "For good, or until 100 others have been blocked since.",
    personal: "the user, and whom it blocked",
    scripts: ["user/block-user-2"],
    writers: "The user's node at `block_user`.",
    read: "SSCAN KEY 0 COUNT 100",
  },
  userBlockOrder: {
    ids: user,
    type: "sorted set",
    holds: "The same users by the time at which they were blocked, Unix ms; an older version noted no time.",
    until: "As long as those are blocked.",
    personal: "the user, and whom it blocked",
    scripts: ["user/block-user-2"],
    writers: "The user's node at `block_user`.",
    read: "ZRANGE KEY 0 -1 WITHSCORES",
  },
} as const satisfies KeyDescriptions;
