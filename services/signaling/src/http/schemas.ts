import { dialectNames } from "@switchyard/dialects";
import { Id } from "@switchyard/protocol";
import { z } from "zod";
import { clientFiles } from "./client-files.ts";
import { RequestProblem } from "./problem.ts";

export const Timestamp = z.string().meta({ format: "date-time" });
const count = (description: string) => z.int().min(0).meta({ description });

export const Problem = z
  .object({ error: z.string().meta({ description: "A sentence." }), code: z.string() })
  .meta({ id: "Problem" });
export const NotReady = Problem.extend({ reason: z.string(), node: z.string() });
export const TooMany = Problem.extend({ retryAfterMs: z.int() });
/** The answer of a route that begins something new. */
export const busy = {
  503: {
    description:
      "Not possible right now; `server_busy`: Redis is almost full, and `Retry-After` says when to try again.",
    content: Problem.extend({ retryAfterMs: z.int().optional() }),
  },
};

export const ClientFileParameters = z.object({ file: z.enum(clientFiles) });

export const Identity = z.object({
  status: z.literal("ok"),
  app: z.string().meta({ description: "`APP_NAME`." }),
  version: z.string(),
  timestamp: Timestamp,
  uptime: z.number().meta({ description: "Of this node, in seconds." }),
  node: z.string(),
});

export const Sums = z.object({
  activeMatches: count("Matches (`match`)."),
  connectedUsers: count("Sessions that are connected, in all dialects, or within their grace."),
  totalConnections: count("These, and the sessions that are connected at `/` and have opened no dialect yet."),
  activeRooms: count("Meetings (`rooms`) and pairs (`random`)."),
  activeCalls: count("Group calls (`calls`)."),
  totalParticipants: count("People in meetings and pairs; with 50 meetings or more, an estimate."),
});

const QueueFigures = z.object({
  waiting: count("Who waits."),
  pairs: count("Pairs so far."),
  meanWaitMs: z.number().meta({ description: "Mean wait of those who were paired, in ms." }),
});
const DialectFigures = z
  .object({
    connected: count("Sessions."),
    rooms: count("Rooms."),
    messages: count("Messages so far."),
    signals: count("Offers, answers and candidates so far."),
    queues: z.record(z.string(), QueueFigures).meta({ description: "By queue." }),
  })
  .meta({ id: "DialectFigures" });
export const Figures = z.partialRecord(z.enum(dialectNames), DialectFigures);

const Match = z.object({
  matchId: Id,
  participantCount: z.int(),
  participants: z.array(z.object({ userId: Id, connected: z.boolean() })),
  createdAt: Timestamp,
  lastActivity: Timestamp.meta({ description: "When somebody last came or went." }),
});
export const Matches = z.object({
  activeMatches: count("Matches."),
  connectedUsers: count("Sessions that are connected in the dialect `match`, or within their grace."),
  totalSockets: count("All sessions that are connected, or within their grace."),
  matches: z.array(Match).max(100).optional().meta({ description: "Only if `ADMIN_TOKEN` is set." }),
  timestamp: Timestamp,
  nextCursor: z
    .string()
    .optional()
    .meta({ description: "To be given as `cursor` for the next page, if there is one." }),
});

export const IceServer = z.object({
  urls: z.union([z.string(), z.array(z.string())]),
  username: z.string().optional(),
  credential: z.string().optional(),
});
export const Room = z.object({ roomId: Id, participantCount: z.int(), createdAt: Timestamp });
export const CreatedRoom = z.object({
  roomId: z
    .string()
    .length(8)
    .meta({ description: "Eight capital letters and digits; nobody can guess it, and no other room has it." }),
  message: z.string().meta({ description: "A sentence." }),
});
export const RoomParameters = z.object({ roomId: Id });
export const MatchesQuery = z.object({
  cursor: z.string().optional().meta({ description: "`nextCursor` of the page before." }),
});

/**
 * Reads what a client sent.
 * @throws RequestProblem 400 `validation`, naming the first thing that is wrong
 */
export function read<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue?.path.join(".");
  const wrong = issue?.message ?? "Invalid input";
  throw new RequestProblem(400, "validation", at ? `${at}: ${wrong}.` : `${wrong}.`);
}
