import type { RoomId } from "@switchyard/protocol";
import type { Check } from "../../check.ts";

/** One script removes them together. */
export const roomPartsBelongTogether: Check = {
  name: "room-parts",
  rule: "Every key of a room belongs to a room that exists.",
  begins: ["roomPeers", "roomUsers", "roomGone", "roomChat"],
  async *find({ inspection }, { name, kind, ids }) {
    const room: RoomId = ids[0] ?? "";
    const { state, exists, lapses } = await inspection.rooms.part(room, name);
    if (!exists || state === "open" || state === "closing") return;
    if (kind === "roomChat" && lapses) return; // of a pair that has just ended
    yield { problem: `${name} is there, and the room ${state === undefined ? "is not" : "is void"}` };
  },
};

/** By this list somebody who comes a second time takes the place of the first. */
export const roomUsersMatchMembers: Check = {
  name: "room-users",
  rule: "A room that clients name knows by which session each of its users is in it.",
  begins: ["roomUsers", "roomPeers"],
  async *find({ inspection }, { kind, ids }) {
    const room: RoomId = ids[0] ?? "";
    const facts = await inspection.rooms.facts(room);
    if (!facts || facts.kind === "pair") return;
    const { members, users } = await inspection.rooms.occupancy(room);
    if (kind === "roomUsers") {
      for (const { user, session } of users) {
        if (members.some((member) => member.user === user && member.session === session)) continue;
        yield { problem: `room ${room} knows user ${user} by session ${session}, which it does not list` };
      }
    } else {
      for (const { user, session, attempt } of members) {
        const by = users.find((known) => known.user === user)?.session;
        if (by === session) continue;
        yield { problem: `room ${room} lists session ${session} (attempt ${attempt}), and knows its user by ${by}` };
      }
    }
  },
};
