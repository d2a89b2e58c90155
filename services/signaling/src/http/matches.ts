import { nameOfRoom, type RoomId } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";
import type { FastifyInstance } from "fastify";
import { RequestProblem } from "./problem.ts";
import { MatchesQuery, read } from "./schemas.ts";
import { requireAdmin } from "./security.ts";
import type { ClusterFigures } from "./statistics.ts";

const MATCHES_A_PAGE = 100;

/** A match as `/api/stats` returns it. Times in ISO 8601. */
interface Match {
  readonly matchId: string;
  readonly participantCount: number;
  readonly participants: readonly { readonly userId: string; readonly connected: boolean }[];
  readonly createdAt: string;
  readonly lastActivity: string;
}

/**
 * `GET /api/stats`: the figures of the matches, and their members. Those are names of people: they are returned to the operators only.
 * @param adminToken where none is set, they are returned to nobody
 */
export function addMatchRoutes(
  http: FastifyInstance,
  store: Store,
  figures: ClusterFigures,
  adminToken: string | undefined,
): void {
  http.get("/api/stats", async (request, reply) => {
    const { cursor } = read(MatchesQuery, request.query);
    if (adminToken !== undefined) requireAdmin(request, reply, adminToken);
    const page = adminToken === undefined ? {} : await listMatches(store, cursor);
    const [activeMatches, connectedUsers, totalSockets] = await figures.matches.get();
    return { activeMatches, connectedUsers, totalSockets, ...page, timestamp: new Date().toISOString() };
  });
}

async function listMatches(
  store: Store,
  cursor: string | undefined,
): Promise<{ matches: readonly Match[]; nextCursor?: string }> {
  const page = await store.presence.listRooms("match", cursor, MATCHES_A_PAGE).catch((error: unknown) => {
    if (error instanceof RangeError) throw new RequestProblem(400, "validation", "cursor: that is none.");
    throw error;
  });
  const found = await Promise.all(page.members.map((room) => describeMatch(store, room)));
  const matches = found.filter((match) => match !== undefined);
  return { matches, ...(page.next === undefined ? {} : { nextCursor: page.next }) };
}

/** `undefined` if everybody has left meanwhile. */
async function describeMatch({ memberships, sessions }: Store, room: RoomId): Promise<Match | undefined> {
  const roster = await memberships.roster(room);
  if (roster === undefined || roster.members.length === 0) return undefined;
  const participants = roster.members.map(async ({ user, session }) => ({
    userId: user,
    connected: await sessions.isConnected(session),
  }));
  return {
    matchId: nameOfRoom(room),
    participantCount: roster.members.length,
    participants: await Promise.all(participants),
    createdAt: new Date(roster.created).toISOString(),
    lastActivity: new Date(roster.changed).toISOString(),
  };
}
