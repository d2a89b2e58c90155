import type { KeyDescriptions } from "./description.ts";

const session = ["<session>"];

export const sessionKeys = {
  session: {
    ids: session,
    type: "hash",
    holds: "One participant, across reconnects and nodes.",
    fields: {
      state:
        "`live`: a node holds its connection; `detached`: it may come back until `deadline`; `ending`: its end has begun",
      dialect: "the wire protocol it speaks; empty until the first event tells, at the root namespace",
      secret: "SHA-256 of the namespace and the recovery id's secret; the secret itself is kept nowhere",
      node: "the node that holds it, or held it last",
      epoch:
        "starts at 1; one more whenever it is taken over, evicted, ended, or goes on after it was given up. What is done in an older one is refused",
      number: "the number of the last event that it was told",
      asks: "how many tickets it has asked for",
      attempts: "how often it was about to enter a room, or to tell others there of a change",
      opened: "when it began, Unix ms",
      deadline: "when its grace is over, Unix ms; only since it dropped",
      bearer: "whom the token is for that it was opened with, where tokens are asked for",
      user: "whom it stands for, since its opening event",
      opening: "its opening event's content (JSON), to tell a repetition and for `next`",
      ticket: "`<queue> <number>` of the ticket with which it waits, while it waits",
      "r:<room>":
        "its seat in a room, JSON: `kind`; `pair`: `queue`, `peer` (session), `partner` (user), `initiator`, `sharedInterests`; `member`: `user`, `profile`",
      "p:<room>":
        "it is reserved for that room and not told yet; JSON of what it takes to queue it again: `queue`, `place`, `ticket`",
      "b:<room>": "that reservation is being undone; the number of the ticket with which it is queued again",
      "x:<room>": "it is out of that room, which is still to be left properly: up to which attempt; empty for a pair",
      "a:<room>": "it is about to enter that room: by which attempt",
      "i:<room>": "by which attempt it came into that room",
      "n:<room>":
        "it has come in, or changed, and the others may not have been told yet: the attempt, or the note's number",
      "w:<room>": "the revision of the last full list of who is there that it was given",
      "v:<room>": "the newest revision of the room of which it was told, or is to be told at least when it comes in",
      "s:<room>":
        "the newest revision of the room by which something was said that it was told, or is to be told when it comes in",
      "m:<room> <user>":
        "the newest revision of the room by which that user came or left, and of which it was told; without a user, of the list. A line feed divides the two",
      feed: "the entry of the dialect's feed after which it hears everything, and the number of its event that told it so",
      "c:<user>": "the session by which that user is in a call with it, or `*`: it rings all of that user's (`chat`)",
      "u:<user>": "it was claimed for that user, and may be noted there still; the value is empty",
      "f:<session>":
        "the newest epoch of that sender from which an event came through, where it is above 1: older ones are refused",
    },
    until:
      "Until its client leaves or its grace is over: its node removes it, the sweep when that is dead, or the node that could not fill what its client missed.",
    scripts: [
      ...[
        "session/open-session-1",
        "session/set-dialect-1",
        "session/set-user-1",
        "session/resume-session-2",
        "session/reconcile-session-2",
        "session/detach-session-1",
      ],
      ...[
        "session/end-session-1",
        "session/disconnect-session-2",
        "session/discard-session-2",
        "session/evict-session-2",
        "session/request-ticket-1",
      ],
      ...[
        "session/withdraw-ticket-1",
        "session/reserve-session-1",
        "session/release-session-1",
        "session/forget-reservation-1",
      ],
      ...[
        "outbox/seat-session-2",
        "outbox/unseat-session-2",
        "outbox/deliver-event-2",
        "outbox/send-event-2",
        "session/begin-entry-1",
        "outbox/admit-session-2",
        "outbox/deliver-change-2",
        "outbox/follow-feed-2",
        "outbox/set-call-leg-2",
      ],
      ...[
        "outbox/deliver-message-2",
        "outbox/depart-session-2",
        "session/forget-room-1",
        "session/note-change-1",
        "session/clear-change-1",
      ],
    ],
    writers: "The node that holds it; matchmakers that seat it; nodes whose participants send to it or replace it.",
    read: "HGETALL KEY",
    sy: "sy session <session>",
  },
  outbox: {
    ids: session,
    type: "stream and channel",
    holds:
      "The last events that the session was told, entry `0-<number>`, so that whoever comes back gets what it missed. On the channel of the same name they go to its node: `<number> \\n <control, JSON> \\n <packet>`, number 0 where there is no event. The control part has the `trace` of the event that led to it: the id that log lines have, and for some the time (Unix µs) when it arrived.",
    fields: {
      "<trace>":
        "the event as it goes over the wire: a JSON array text. The field's name is its trace, as in the control part (`-` where nothing led to it; `p` where an older version wrote it)",
    },
    until:
      "Trimmed to about `OUTBOX_EVENTS`, to eight times as many while the session is detached; removed with its session.",
    scripts: [
      ...[
        "outbox/deliver-event-2",
        "outbox/send-event-2",
        "outbox/seat-session-2",
        "outbox/unseat-session-2",
        "session/evict-session-2",
        "session/resume-session-2",
      ],
      ...[
        "session/disconnect-session-2",
        "session/discard-session-2",
        "outbox/admit-session-2",
        "outbox/deliver-change-2",
        "outbox/follow-feed-2",
        "outbox/set-call-leg-2",
        "outbox/depart-session-2",
        "outbox/deliver-message-2",
      ],
    ],
    writers:
      "Whoever tells the session something. `session/resume-session-2` and `session/disconnect-session-2` only publish, so that the former node lets go.",
    read: "XREVRANGE KEY + - COUNT 10",
    sy: "sy session <session> --events 50 --packets",
  },
} as const satisfies KeyDescriptions;
