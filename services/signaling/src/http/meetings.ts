import { type Cluster, createRoom } from "@switchyard/core";
import { roomNamed } from "@switchyard/protocol";
import type { FastifyInstance } from "fastify";
import { TooManyRequestsError } from "../limits/allowance.ts";
import { addressGroup } from "../limits/client-address.ts";
import type { Limits } from "../limits/limits.ts";
import type { MemoryWatermark } from "../limits/memory-watermark.ts";
import { RequestProblem } from "./problem.ts";
import { RoomParameters } from "./schemas.ts";

/** The dialect whose rooms are meetings. */
const DIALECT = "rooms";

export interface MeetingParts {
  readonly cluster: Cluster;
  readonly limits: Pick<Limits, "takeRoom">;
  readonly memory: Pick<MemoryWatermark, "check">;
  /** Time for which a meeting is kept that nobody has entered yet. */
  readonly unusedMs: number;
}

/** Meetings: a new one with a name of its own, and whether there is one of a name. Neither needs a token: to enter needs one. */
export function addMeetingRoutes(http: FastifyInstance, { cluster, limits, memory, unusedMs }: MeetingParts): void {
  const { memberships } = cluster.store;

  http.post("/api/create-room", async (request) => {
    const context = cluster.contexts.get(DIALECT);
    if (!context) throw new RequestProblem(404, "not_found", "There are no meetings here.");
    const waitMs = await limits.takeRoom(addressGroup(request.ip));
    if (waitMs > 0) throw new TooManyRequestsError("create-room", waitMs);
    memory.check();
    return { roomId: await createRoom(context, unusedMs), message: "Room created successfully" };
  });

  http.get("/api/room/:roomId", async (request) => {
    const { data } = RoomParameters.safeParse(request.params);
    const roster = data && (await memberships.roster(roomNamed(DIALECT, data.roomId)));
    if (!roster) throw new RequestProblem(404, "room_not_found", "Room not found");
    const createdAt = new Date(roster.created).toISOString();
    return { roomId: data.roomId, participantCount: roster.members.length, createdAt };
  });
}
