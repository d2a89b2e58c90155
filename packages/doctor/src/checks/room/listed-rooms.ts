import type { DialectName } from "@switchyard/protocol";
import { among, type Check, sweptMs } from "../../check.ts";

/** Else a room that is gone is counted, and shown in lists. */
export const listedRooms: Check = {
  name: "listed-rooms",
  rule: "A dialect's list of rooms has only rooms in which somebody is.",
  begins: ["presenceRooms"],
  patienceMs: sweptMs,
  async *find({ inspection, store }, { ids }) {
    const dialect = ids[0] as DialectName;
    yield* among(inspection.presence.rooms(dialect), async (room) => {
      if ((await store.memberships.size(room)) > 0) return undefined;
      return {
        problem: `room ${room} is on the list of ${dialect}, and nobody is in it`,
        remedy: {
          says: "the room is not on the list any more",
          apply: async (cluster) => {
            if ((await store.memberships.size(room)) === 0) await cluster.store.presence.roomRemoved(dialect, room);
          },
        },
      };
    });
  },
};
