import type { RoomId } from "@switchyard/protocol";
import type { Check } from "../../check.ts";

/** One script removes them together. */
export const roomParts: Check = {
  name: "room-parts",
  rule: "Whatever is kept of a room is kept of one that there is.",
  begins: ["roomPeers", "roomUsers", "roomGone", "roomChat"],
  async *find({ inspection }, { name, ids }) {
    const room: RoomId = ids[0] ?? "";
    const { state, exists } = await inspection.rooms.part(room, name);
    if (!exists || state === "open" || state === "closing") return;
    yield { problem: `${name} is there, and the room ${state === undefined ? "is not" : "is void"}` };
  },
};
