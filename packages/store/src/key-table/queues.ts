import type { KeyDescriptions } from "./description.ts";

const queue = ["<queue>"];
const banChanges = "queue/apply-bans-3";
const ticketChanges = ["queue/enqueue-ticket-5", "queue/dequeue-ticket-5", "queue/commit-pair-7"];
const withTicket = "Each entry until its ticket is removed or paired, or its session ends.";
const changers =
  "Nodes add and remove tickets; matchmakers remove them in pairs, and put them back at their old queue sequence; the sweep removes stale ones.";

export const queueKeys = {
  queueWaiting: {
    ids: queue,
    type: "sorted set",
    holds: "The waiting sessions, by queue sequence.",
    until: withTicket,
    personal: false,
    scripts: ticketChanges,
    writers: changers,
    read: "ZRANGE KEY 0 9 WITHSCORES",
    sy: "sy queues",
  },
  queueTickets: {
    ids: queue,
    type: "hash",
    holds: "The tickets of the waiting sessions.",
    fields: {
      "<session>":
        "JSON: `user`, `since` (Unix ms), `interests`, `language`, `region`, `avoid`, `blocked`, `recent`, `trace` (of the event that asked for it), `cohort` (that its token names; missing: none), `network` (the bits of the address that it came from, behind `4` or `6`)",
    },
    until: withTicket,
    personal: "the user, its preferences, the network of its address, and the users that it blocked or met last",
    scripts: ticketChanges,
    writers: changers,
    read: "HGET KEY <session>",
  },
  queueStamps: {
    ids: queue,
    type: "hash",
    holds: "The stamp of each ticket. A pairing is made final only if both stamps are unchanged.",
    fields: {
      "<session>":
        "`<number> <epoch> <1|0>`: the ticket's number, the session's epoch when this was written, and whether the session is connected",
    },
    until: withTicket,
    personal: false,
    scripts: [...ticketChanges, "queue/set-ticket-connected-3"],
    writers:
      "As for the ticket; also the process that notes that a waiting session dropped (its node, the sweep) or was resumed (its new node).",
    read: "HGET KEY <session>",
  },
  queueMeta: {
    ids: queue,
    type: "hash",
    holds: "The queue's counters.",
    fields: {
      place: "the last queue sequence that was assigned",
      revision: "number of changes; each is published with its number on the queue's channel",
      pairs: "number of pairings that were made final",
      waitedMs: "total waiting time of all paired sessions, ms",
    },
    until: "For good.",
    personal: false,
    scripts: [...ticketChanges, "queue/set-ticket-connected-3", banChanges],
    writers: "Every change of the queue.",
    read: "HGETALL KEY",
    sy: "sy queues",
  },
  queueChanges: {
    ids: queue,
    type: "channel",
    holds:
      "Every change of the queue, as JSON: `[revision, 'put', session, place, stamp, ticket]`, `[revision, 'stamp', session, stamp]`, `[revision, 'drop', session, …]`, `[revision, 'shadows', [field, end, …]]` (of the queue's bans; `''`: out), `[revision, 'all-shadows', [field, end, …]]`. It wakes the matchmakers.",
    until: "It is not stored.",
    personal: "the same, while it is published",
    scripts: [...ticketChanges, "queue/set-ticket-connected-3", banChanges],
    writers: "Every change of the queue.",
    read: "SSUBSCRIBE KEY",
  },
  queueAssignments: {
    ids: queue,
    type: "stream",
    holds: "Pairings that are final and not carried out yet, for the consumer group `matchmakers`.",
    fields: {
      room: "the room's id",
      one: "the first session, which will be the initiator",
      oneStamp: "its stamp when it was paired",
      onePlace: "its queue sequence",
      oneTicket: "its ticket (JSON)",
      two: "the second session; `twoStamp`, `twoPlace` and `twoTicket` as above",
    },
    until: "Each entry until it is carried out; the stream for good. An entry older than a few seconds is a problem.",
    personal: "the two tickets",
    scripts: ["queue/commit-pair-7", "assignment/finish-assignment-1"],
    writers: "Matchmakers.",
    read: "XRANGE KEY - + COUNT 10",
    sy: "sy queues",
  },
  queueBanned: {
    ids: queue,
    type: "hash",
    holds:
      "The bans that hold for the queue, as of a revision of all bans: no pairing against one of them, or out of the shadow pool, is made final.",
    fields: {
      revision: "the revision of the bans that these are",
      lengths: "number of bans of networks by the length of their bits (JSON), so that a pairing need not try all",
      "here:<subject>":
        "a ban in the queue's dialect, of `user:<user>`, or of `network:<bits>`, with which a ticket's `network` begins; when it ends (Unix ms), or `never`",
      "everywhere:<subject>": "a ban in all dialects, likewise",
      "shadow-here:<subject>": "a shadow in the queue's dialect: its subject is in the shadow pool until it is removed",
      "shadow-everywhere:<subject>": "a shadow in all dialects, likewise",
    },
    until: "Each entry until the ban is lifted or over; the revision for good.",
    personal: "banned users and networks",
    scripts: [banChanges],
    writers: "The process that bans, or lifts a ban; the sweep where one did not come that far.",
    read: "HGETALL KEY",
  },
  queueLeader: {
    ids: queue,
    type: "string",
    holds: "The id of the matchmaker that pairs the queue.",
    until: "600 ms after it was last renewed (TTL), or until that matchmaker stops.",
    personal: false,
    scripts: ["queue/lead-queue-1", "queue/release-queue-1"],
    writers: "Matchmakers, every 200 ms.",
    read: "GET KEY",
    sy: "sy queues",
  },
} as const satisfies KeyDescriptions;
