import type { RoomId } from "@switchyard/protocol";
import { type Check, sweptMs } from "../../check.ts";

/** The other direction of `listed-rooms`. A room that is not on the list is not audited. */
export const openRooms: Check = {
  name: "open-rooms",
  rule: "A room in which somebody is stands on its dialect's list, and one in which nobody is has a lifetime.",
  begins: ["roomMeta"],
  patienceMs: sweptMs,
  async *find({ inspection, store }, { ids }) {
    const room: RoomId = ids[0] ?? "";
    const facts = await inspection.rooms.facts(room);
    if (!facts) return;
    const { state, dialect, ttlMs, created } = facts;
    const isEmpty = (await store.memberships.size(room)) === 0;
    if (state === "void" && ttlMs === undefined) {
      const remedy = { says: "it has its lifetime", apply: async () => void (await store.rooms.close(room)) };
      yield { problem: `the memory of room ${room}, which is void, has no lifetime`, remedy };
    }
    if (state === "void" || !dialect) return;
    if (isEmpty && ttlMs === undefined) {
      yield { problem: `room ${room} (opened ${created}) has nobody in it, and no lifetime` };
    }
    if (!isEmpty && state === "open" && !(await inspection.presence.hasRoom(dialect, room))) {
      yield {
        problem: `room ${room} (opened ${created}) is not on the list of ${dialect}`,
        remedy: { says: "the room is on the list", apply: () => store.presence.roomOpened(dialect, room) },
      };
    }
  },
};
