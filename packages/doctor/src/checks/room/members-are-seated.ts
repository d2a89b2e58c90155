import { auditRoom, CHATROOM, finishRecovery } from "@switchyard/core";
import type { RoomId, SessionId } from "@switchyard/protocol";
import type { Occupant } from "@switchyard/store";
import type { RoomFacts } from "@switchyard/store/inspection";
import { type Check, contextOf, type Finding, sweptMs } from "../../check.ts";
import type { Snapshot } from "../../snapshot.ts";

/** After that long nobody is still on its way into a room, in ms. */
const ON_ITS_WAY_MS = 60_000;

/** Of a match, a call or a meeting. A session that has recorded its entry may be listed before it has its seat. */
export const roomMembersAreSeated: Check = {
  name: "room-members",
  rule: "A room that clients name lists only sessions that say they are in it.",
  begins: ["roomPeers"],
  patienceMs: sweptMs,
  async *find(snapshot, { ids }) {
    const room: RoomId = ids[0] ?? "";
    const facts = await snapshot.inspection.rooms.facts(room);
    if (facts?.kind === "pair" || facts?.kind === undefined) return;
    const { members } = await snapshot.store.memberships.inspect(room);
    for (const member of members) {
      const finding = await memberProblem(snapshot, room, facts, member);
      if (finding) yield finding;
    }
  },
};

async function memberProblem(
  snapshot: Snapshot,
  room: RoomId,
  facts: RoomFacts,
  { session, attempt, user, joined }: Occupant,
): Promise<Finding | undefined> {
  const record = await snapshot.session(session);
  const seat = record?.seats.get(room);
  const isIn = seat?.kind === "member" && seat.user === user && record?.attempts.get(room) === attempt;
  if (isIn || (record?.pendingEntries.includes(room) && joined > snapshot.now - ON_ITS_WAY_MS)) return undefined;
  return {
    problem: `room ${room} lists session ${session} (attempt ${attempt}), which ${record ? "is not in it" : "no longer exists"}`,
    remedy: {
      description: "sessions that do not record the room were removed from it",
      apply: async (cluster) => void (await auditRoom(contextOf(cluster, facts.dialect), room)),
    },
  };
}

/** The other direction of `room-members`. */
export const seatedMembersAreListed: Check = {
  name: "member-rooms",
  rule: "Every room that a session says it is in lists it, by the same attempt.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(snapshot, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await snapshot.session(session);
    if (!record || record.state === "ending") return;
    for (const [room, seat] of record.seats) {
      if (seat.kind !== "member" || room === CHATROOM) continue;
      const attempt = record.attempts.get(room);
      const member = await snapshot.store.memberships.find(room, session);
      if (member?.attempt === attempt || (await snapshot.isReplaced(session, record))) continue;
      yield {
        problem: `session ${session} (epoch ${record.epoch}) says it is in room ${room} (attempt ${attempt}), which does not list it`,
        remedy: {
          description: "the session is out of that room, and received the event",
          apply: async (cluster) => {
            const now = await cluster.store.sessions.read(session);
            if (now) await finishRecovery(contextOf(cluster, now.dialect), session, now.epoch, now);
          },
        },
      };
    }
  },
};
