import { leaveRoom } from "@switchyard/core";
import type { RoomId, SessionId } from "@switchyard/protocol";
import { type Check, contextOf, sweptMs } from "../../check.ts";
import type { Look } from "../../look.ts";

/** The other direction of `pair-rooms`. One without a connection is taken out, where it must be, when it comes back. */
export const pairSeats: Check = {
  name: "pair-seats",
  rule: "A connected session that is beside a partner is so in an open pair that lists both.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(look, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await look.session(session);
    if (!record || !(await look.isConnected(record))) return;
    for (const [room, seat] of record.seats) {
      if (seat.kind !== "pair") continue;
      const wrong = await roomProblem(look, room, session, seat.peer);
      if (wrong === undefined) continue;
      yield {
        problem: `session ${session} (epoch ${record.epoch}) is beside ${seat.peer} in pair ${room}, ${wrong}`,
        remedy: {
          says: "the session is out of that pair, and was told so",
          apply: (cluster) => {
            const context = contextOf(cluster, record.dialect);
            return leaveRoom(context, { session }, room, { type: "partner-left", room });
          },
        },
      };
    }
  },
};

async function roomProblem(look: Look, room: RoomId, session: SessionId, peer: SessionId): Promise<string | undefined> {
  const facts = await look.inspection.rooms.facts(room);
  if (!facts) return "which is no more";
  const sessions = await look.inspection.rooms.sessions(room);
  if (facts.state === "open" && sessions.includes(session) && sessions.includes(peer)) return undefined;
  const other = await look.session(peer);
  // whoever has begun to end it does the rest when it comes back, or when it ends
  if (facts.state === "closing" && other && !(await look.isConnected(other))) return undefined;
  return facts.state === "open" ? "which does not list both" : `which is ${facts.state}`;
}
