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
      dialect: "its wire protocol; empty at the root namespace until the first event decides it",
      secret: "SHA-256 of the namespace and the recovery id's secret; the secret itself is kept nowhere",
      node: "the node that holds it, or held it last",
      epoch:
        "starts at 1; incremented whenever the session is taken over, evicted, ended, or resumed after it was given up. Changes that name an older epoch are refused",
      number: "the number of its last event",
      bytes: "how many bytes of events have been appended to its outbox, ever",
      asks: "number of tickets that it has requested",
      attempts: "number of its entry attempts and of the changes that it announced to a room",
      opened: "time at which it began, Unix ms",
      deadline: "end of its grace, Unix ms; only while it is detached",
      bearer: "the user of the token with which it was opened, if tokens are required",
      echo: "`1`: its client wants a copy of its own messages (`auth.echo`); else missing",
      byUser: "`1`: its client can't show a recovery id, and recovers by its user; else missing",
      network: "the address that its client was last connected from; of an IPv6 address the /64; missing: not known",
      notices: "digests of the ids of the last 32 events that back ends sent it, so that none comes twice",
      lastPair:
        "the pair that ended last for it: `<Unix ms> <room> <its seat there, JSON>`; until it stands for no user any longer",
      user: "the user it stands for, since its opening event",
      opening: "the content of its opening event (JSON), to recognise a repetition, and for `next`",
      ticket: "`<queue> <number>` of the ticket with which it waits, while it waits",
      waiting: "`1`: it was notified that it waits, since it last requested a ticket",
      "r:<room>":
        "its seat in a room, JSON: `kind`; `pair`: `queue`, `peer` (session), `partner` (user), `initiator`, `sharedInterests`, `isRepeat`, `network` (of the partner); `member`: `user`, `profile`, `entry` (the room's revision by which it came)",
      "p:<room>":
        "a reservation for that room, not yet delivered; JSON with which its ticket can be queued again: `queue`, `place`, `ticket`",
      "b:<room>": "that reservation is being undone: the number of the ticket that is queued again",
      "x:<room>":
        "it no longer has a seat in that room, but its exit is not finished: the newest entry attempt that the exit covers; empty for a pair",
      "a:<room>": "it is about to enter that room: the entry attempt",
      "i:<room>": "the entry attempt by which it entered that room",
      "n:<room>":
        "it has entered or changed a flag, and the other members may not have been notified yet: the entry attempt, or the note's number",
      "w:<room>": "the revision of the last full roster that it received",
      "v:<room>": "the newest revision of the room that it has received, or must at least receive on entering",
      "s:<room>": "the revision of the newest message in the room that it has received, or receives on entering",
      "m:<room> <user>":
        "the newest revision at which that user entered or left, of those that it has received, also with its first list: only a member that came by it is heard; without a user, that of the roster. A line feed separates room and user",
      feed: "the feed offset after which it receives every entry, and the number of the event in its outbox that said so",
      "c:<user>":
        "the call leg: the session by which that user is in a call with it, or `*` while all of that user's sessions ring (`chat`)",
      "u:<user>": "it has claimed that user, and may still be noted in the user's key; the value is empty",
      "f:<session>":
        "the fence: the newest epoch of that sender from which an event was delivered, if it is above 1; older senders are refused",
    },
    until:
      "Until its client disconnects or its grace is over. Its node removes it, the sweep if that node is dead, or a node that could not deliver every event that its client had missed.",
    personal:
      "the user, its address, the profile that its client gave, the rooms, partners with their addresses, and call legs",
    scripts: [
      "session/open-session-1",
      "session/set-dialect-1",
      "session/set-user-1",
      "session/set-network-1",
      "session/resume-session-2",
      "session/reconcile-session-2",
      "session/detach-session-1",
      "session/end-session-1",
      "session/disconnect-session-2",
      "session/discard-session-2",
      "session/evict-session-2",
      "session/request-ticket-1",
      "session/withdraw-ticket-1",
      "session/reserve-session-1",
      "session/release-session-1",
      "session/forget-reservation-1",
      "outbox/seat-session-2",
      "outbox/unseat-session-2",
      "outbox/deliver-event-2",
      "outbox/send-event-2",
      "outbox/send-notice-2",
      "outbox/announce-wait-2",
      "session/begin-entry-1",
      "outbox/admit-session-2",
      "outbox/deliver-change-2",
      "outbox/follow-feed-2",
      "outbox/set-call-leg-2",
      "outbox/deliver-message-2",
      "outbox/erase-message-2",
      "outbox/depart-session-2",
      "session/forget-room-1",
      "session/note-change-1",
      "session/clear-change-1",
    ],
    writers: "The node that holds it; matchmakers that seat it; nodes whose participants send to it or replace it.",
    read: "HGETALL KEY",
    sy: "sy session <session>",
  },
  outbox: {
    ids: session,
    type: "stream and channel",
    holds:
      "The recent events of the session, entry `0-<number>`, so that a resumed session receives those that it missed. On the channel of the same name they go to its node: `<number> \\n <control, JSON> \\n <packet>`, number 0 if there is no event. The control part has the `trace` of the event that led to it, which is the id in log lines, and in some cases the time (Unix µs) at which that event arrived.",
    fields: {
      "<trace>":
        'the event as it goes over the wire: a JSON array text; or, where its state is large, the reference `["@state", {"event": …, "upTo": …}]`: the event without its messages or members, and the message up to which there are any, or with `id` in its place the one that it is about. The field\'s name is its trace, as in the control part (`-` if no event led to it; `p` if an older version wrote it), with `~` and the number of the last feed entry that the sender\'s node knew, where the dialect has a feed',
      b: "how many bytes had been appended before it, so that what is kept can be summed up; older versions wrote none",
    },
    until:
      "Of what its client has confirmed about `OUTBOX_EVENTS` events stay, twice as many at most; of what it has not, eight times as many; in all at most `OUTBOX_BYTES`. Removed with its session.",
    personal: "what others sent: texts, names, offers and candidates with IP addresses",
    scripts: [
      "outbox/deliver-event-2",
      "outbox/send-event-2",
      "outbox/send-notice-2",
      "outbox/announce-wait-2",
      "outbox/seat-session-2",
      "outbox/unseat-session-2",
      "session/evict-session-2",
      "session/resume-session-2",
      "session/disconnect-session-2",
      "session/discard-session-2",
      "outbox/admit-session-2",
      "outbox/deliver-change-2",
      "outbox/follow-feed-2",
      "outbox/set-call-leg-2",
      "outbox/depart-session-2",
      "outbox/deliver-message-2",
      "outbox/erase-message-2",
    ],
    writers:
      "Every process that sends an event to the session; its node removes what its client has confirmed (`XTRIM`). `session/resume-session-2` and `session/disconnect-session-2` only publish, so that the former node drops the session.",
    read: "XREVRANGE KEY + - COUNT 10",
    sy: "sy session <session> --events 50 --packets",
  },
} as const satisfies KeyDescriptions;
