import { leavePair } from "@switchyard/core";
import type { RoomId, SessionId } from "@switchyard/protocol";
import { type Check, contextOf, type Finding, sweptMs } from "../../check.ts";
import type { Snapshot } from "../../snapshot.ts";

/**
 * A session in a pair is seated there, or reserved and about to receive the event, or about to leave. From one that is closing some may be
 * out already, or gone, while another one that began to leave is away.
 */
export const pairListsItsSessions: Check = {
  name: "pair-rooms",
  rule: "A pair lists only sessions that are beside each other in it, and one that is closing is soon gone.",
  begins: ["roomPeers"],
  patienceMs: sweptMs,
  async *find(snapshot, { ids }) {
    const room: RoomId = ids[0] ?? "";
    const facts = await snapshot.inspection.rooms.facts(room);
    if (facts?.kind !== "pair") return;
    const sessions = await snapshot.inspection.rooms.sessions(room);
    const remedy = {
      description: "the pair was ended, and the remaining session received the event",
      apply: (cluster: Parameters<typeof contextOf>[0]) =>
        leavePair(contextOf(cluster, facts.dialect), { session: sessions[0] ?? "" }, room),
    };
    if (facts.state === "closing") {
      if (await isWaitedFor(snapshot, sessions)) return;
      return yield { problem: `pair ${room} is closing, and nobody carries that on`, remedy };
    }
    for (const session of sessions) {
      const problem = await sideProblem(snapshot, room, session, sessions);
      if (problem !== undefined) yield { problem, remedy } satisfies Finding;
    }
  },
};

async function sideProblem(
  snapshot: Snapshot,
  room: RoomId,
  session: SessionId,
  sessions: readonly SessionId[],
): Promise<string | undefined> {
  const record = await snapshot.session(session);
  if (!record) return `pair ${room} lists session ${session}, which no longer exists`;
  const seat = record.seats.get(room);
  if (seat?.kind === "pair") {
    if (seat.peer !== session && sessions.includes(seat.peer)) return undefined;
    return `pair ${room} lists ${sessions.join(" and ")}, but session ${session} is beside ${seat.peer}`;
  }
  if (record.reserved.includes(room) || record.departing.includes(room) || record.state === "ending") return undefined;
  return `pair ${room} lists session ${session} (epoch ${record.epoch}), which is not in it`;
}

/** Whether somebody who may have begun to leave it is still there to finish that: when it comes back, or when it ends. */
async function isWaitedFor(snapshot: Snapshot, sessions: readonly SessionId[]): Promise<boolean> {
  const waits = sessions.map(async (session) => {
    const record = await snapshot.session(session);
    return record && (!(await snapshot.isConnected(record)) || snapshot.isReplaced(session, record));
  });
  return (await Promise.all(waits)).some(Boolean);
}

/** The other direction of `pair-rooms`. One without a connection is taken out, where it must be, when it comes back. */
export const pairedSessionIsListed: Check = {
  name: "pair-seats",
  rule: "A connected session that is beside a partner is so in an open pair that lists both.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(snapshot, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await snapshot.session(session);
    if (!record || !(await snapshot.isConnected(record))) return;
    for (const [room, seat] of record.seats) {
      if (seat.kind !== "pair") continue;
      const wrong = await roomProblem(snapshot, room, session, seat.peer);
      if (wrong === undefined) continue;
      yield {
        problem: `session ${session} (epoch ${record.epoch}) is beside ${seat.peer} in pair ${room}, ${wrong}`,
        remedy: {
          description: "the session is out of that pair, and received the event",
          apply: (cluster) => {
            const context = contextOf(cluster, record.dialect);
            return leavePair(context, { session }, room, { type: "partner-left", room });
          },
        },
      };
    }
  },
};

async function roomProblem(
  snapshot: Snapshot,
  room: RoomId,
  session: SessionId,
  peer: SessionId,
): Promise<string | undefined> {
  const facts = await snapshot.inspection.rooms.facts(room);
  if (!facts) return "which no longer exists";
  const sessions = await snapshot.inspection.rooms.sessions(room);
  if (facts.state === "open" && sessions.includes(session) && sessions.includes(peer)) return undefined;
  const other = await snapshot.session(peer);
  // the session that has begun to end it does the rest when it comes back, or when it ends
  if (facts.state === "closing" && other && !(await snapshot.isConnected(other))) return undefined;
  return facts.state === "open" ? "which does not list both" : `which is ${facts.state}`;
}
