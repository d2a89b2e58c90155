import { auditRoom } from "@switchyard/core";
import type { RoomId } from "@switchyard/protocol";
import { type Check, contextOf, sweptMs } from "../../check.ts";

/** Else the others still believe that somebody is there who is not. */
export const roomLeaversAreAnnounced: Check = {
  name: "room-gone",
  rule: "When a session has left a room, the others receive the event.",
  begins: ["roomGone"],
  patienceMs: sweptMs,
  async *find({ inspection, store }, { ids }) {
    const room: RoomId = ids[0] ?? "";
    const facts = await inspection.rooms.facts(room);
    const { gone } = await store.memberships.inspect(room);
    for (const { session, attempt } of gone) {
      yield {
        problem: `the others in room ${room} have not received the event that session ${session} left (attempt ${attempt})`,
        remedy: {
          description: "the event was sent to them",
          apply: async (cluster) => void (await auditRoom(contextOf(cluster, facts?.dialect), room)),
        },
      };
    }
  },
};
