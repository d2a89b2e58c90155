import { CHATROOM, catchUp } from "@switchyard/core";
import type { SessionId } from "@switchyard/protocol";
import { type Check, contextOf, sweptMs } from "../../check.ts";

/** The other direction of `room-members`. */
export const memberRooms: Check = {
  name: "member-rooms",
  rule: "Every room that a session says it is in lists it, by the same attempt.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(look, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await look.session(session);
    if (!record || record.state === "ending") return;
    for (const [room, seat] of record.seats) {
      if (seat.kind !== "member" || room === CHATROOM) continue;
      const attempt = record.attempts.get(room);
      const member = await look.store.memberships.find(room, session);
      if (member?.attempt === attempt || (await look.isReplaced(session, record))) continue;
      yield {
        problem: `session ${session} (epoch ${record.epoch}) says it is in room ${room} (attempt ${attempt}), which does not list it`,
        remedy: {
          says: "the session is out of that room, and was told so",
          apply: async (cluster) => {
            const now = await cluster.store.sessions.read(session);
            if (now) await catchUp(contextOf(cluster, now.dialect), session, now.epoch, now);
          },
        },
      };
    }
  },
};
