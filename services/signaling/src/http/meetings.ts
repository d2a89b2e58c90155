import { roomNamed } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";
import type { FastifyInstance } from "fastify";
import { RequestProblem } from "./problem.ts";
import { RoomParameters } from "./schemas.ts";

/** `GET /api/room/:roomId`: whether there is such a meeting, and how many are in it. */
export function addMeetingRoutes(http: FastifyInstance, { memberships }: Store): void {
  http.get("/api/room/:roomId", async (request) => {
    const { data } = RoomParameters.safeParse(request.params);
    const roster = data && (await memberships.roster(roomNamed("rooms", data.roomId)));
    if (!roster) throw new RequestProblem(404, "room_not_found", "Room not found");
    const createdAt = new Date(roster.created).toISOString();
    return { roomId: data.roomId, participantCount: roster.members.length, createdAt };
  });
}
