import type { DialectName, RoomId } from "@switchyard/protocol";
import { among, type Check, sweptMs } from "../../check.ts";

/** Else a room that is gone is counted, and shown in lists. */
export const listedRoomIsOccupied: Check = {
  name: "listed-rooms",
  rule: "A dialect's list of rooms has only rooms with participants.",
  begins: ["presenceRooms"],
  patienceMs: sweptMs,
  async *find({ inspection, store }, { ids }) {
    const dialect = ids[0] as DialectName;
    yield* among(inspection.presence.rooms(dialect), async (room) => {
      if ((await store.memberships.size(room)) > 0) return undefined;
      return {
        problem: `room ${room} is on the list of ${dialect}, and nobody is in it`,
        remedy: {
          description: "the room is no longer on the list",
          apply: async (cluster) => {
            if ((await store.memberships.size(room)) === 0) await cluster.store.presence.roomRemoved(dialect, room);
          },
        },
      };
    });
  },
};

/** The other direction of `listed-rooms`. A room that is not on the list is not audited. */
export const occupiedRoomIsListed: Check = {
  name: "open-rooms",
  rule: "A room with participants is on its dialect's list, and an empty room has a lifetime.",
  begins: ["roomMeta"],
  patienceMs: sweptMs,
  async *find({ inspection, store }, { ids }) {
    const room: RoomId = ids[0] ?? "";
    const facts = await inspection.rooms.facts(room);
    if (!facts) return;
    const { state, dialect, ttlMs, created } = facts;
    const isEmpty = (await store.memberships.size(room)) === 0;
    if (state === "void" && ttlMs === undefined) {
      const remedy = { description: "it has its lifetime", apply: async () => void (await store.rooms.close(room)) };
      yield { problem: `the memory of room ${room}, which is void, has no lifetime`, remedy };
    }
    if (state === "void" || !dialect) return;
    if (isEmpty && ttlMs === undefined) {
      yield { problem: `room ${room} (opened ${created}) has nobody in it, and no lifetime` };
    }
    if (!isEmpty && state === "open" && !(await inspection.presence.hasRoom(dialect, room))) {
      yield {
        problem: `room ${room} (opened ${created}) is not on the list of ${dialect}`,
        remedy: { description: "the room is on the list", apply: () => store.presence.roomOpened(dialect, room) },
      };
    }
  },
};
