import { CHATROOM, type Context, leavePair, leaveRoom } from "@switchyard/core";
import { RequestError, type RoomId, type SessionId } from "@switchyard/protocol";
import type { RoomFacts } from "@switchyard/store/inspection";
import type { Command } from "../command.ts";
import { OperatorError } from "../exit-code.ts";
import type { Operator } from "../operator.ts";

/** How often who comes in meanwhile is taken out too. */
const ROUNDS = 5;

export const close: Command = {
  name: "close",
  changes: () => true,
  operands: ["<room>"],
  summary:
    "Everyone in a room is taken out of it, and told so as its dialect can. They stay connected and may enter again.",
  more:
    "Ends with 1 where there is no such room, for the chatroom, which is always open, and where people come " +
    "in as fast as they are taken out.",
  examples: [
    { call: "sy close rooms:standup", description: "a meeting" },
    { call: "sy close calls:7f3a", description: "a call" },
  ],
  options: {},
  run: async ({ operands: [id = ""], open }) => {
    const operator = await open();
    if (id === CHATROOM) throw new OperatorError("the chatroom is always open");
    const facts = await operator.inspection.rooms.facts(id);
    const context = facts?.dialect && operator.cluster.contexts.get(facts.dialect);
    if (!facts || !context || facts.state === "void") throw new OperatorError(`there is no room ${id}`);
    const out = new Set<SessionId>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const sessions = await operator.inspection.rooms.sessions(id);
      for (const session of sessions) out.add(session);
      if (sessions.length === 0) break;
      if (facts.kind === "pair") await endPair(operator, context, id, sessions);
      else for (const session of sessions) await takeOut(context, id, session);
    }
    const left = await operator.store.memberships.size(id);
    if (left > 0) throw new OperatorError(`room ${id} has ${left} people in it, who came while it was closed`);
    return { document: describe(id, facts, [...out]), text: `room ${id} is closed; ${out.size} were in it` };
  },
};

function describe(id: RoomId, { kind, dialect }: RoomFacts, out: readonly SessionId[]) {
  return { id, kind, dialect, out };
}

/** By the epoch that holds it now; one that goes on elsewhere in that moment has another, and its turn in the next round. */
async function takeOut(context: Context, room: RoomId, session: SessionId): Promise<void> {
  const record = await context.store.sessions.read(session);
  const leaver = record && record.state !== "ending" ? { session, epoch: record.epoch } : { session };
  try {
    await leaveRoom(context, leaver, room, { type: "departed", room });
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
  }
}

/** Sessions that have begun to leave do so in full; of the seated sessions the first one leaves, which ends the pair for both. */
async function endPair(
  { store }: Operator,
  context: Context,
  room: RoomId,
  sessions: readonly SessionId[],
): Promise<void> {
  const records = await Promise.all(sessions.map((session) => store.sessions.read(session)));
  const seated = sessions.find((_, i) => records[i]?.seats.has(room)) ?? sessions[0] ?? "";
  await leavePair(context, { session: seated }, room, { type: "partner-left", room });
}
