import type { RoomId, SessionId } from "@switchyard/protocol";
import type { RoomFacts } from "@switchyard/store/inspection";
import type { Command } from "../command.ts";
import { OperatorError } from "../exit-code.ts";
import type { Operator } from "../operator.ts";
import { facts, sections, table } from "../table.ts";
import { duration, since } from "../units.ts";

export const room: Command = {
  name: "room",
  operands: ["<room>"],
  summary:
    "One room: its kind and state, and the sessions in it. `<dialect>:<name>` where clients name it, else its id.",
  more:
    "Sessions are leaving a room that is `closing`. A room that is `void` no longer exists, and is only " +
    "remembered so that it is not created again. Ends with 1 where there is no such room.",
  examples: [{ call: "sy room rooms:standup", description: "a meeting that its clients call `standup`" }],
  options: {},
  run: async ({ operands: [id = ""], open }) => {
    const operator = await open();
    const found = await operator.inspection.rooms.facts(id);
    if (!found) throw new OperatorError(`there is no room ${id}`);
    const { members, leaving } = await people(operator, id, found);
    const messages = await operator.inspection.rooms.messages(id);
    const { state, kind, dialect, created, changed, ttlMs } = found;
    const document = { id, state, kind, dialect, created, changed, ttlMs, messages, members, leaving };
    const now = operator.store.clock.now();
    const about = facts([
      ...([
        ["room", id],
        ["state", state],
        ["kind", kind],
        ["dialect", dialect],
      ] as const),
      ...([
        ["opened", since(created, now)],
        ["changed", since(changed, now)],
      ] as const),
      ["goes in", ttlMs === undefined ? undefined : duration(ttlMs)],
      ["messages", messages],
    ]);
    const rows = members.map(({ session, user, state: is, node, joined }) => [
      session,
      user,
      is,
      node,
      since(joined, now),
    ]);
    const listed = table(["session", "user", "state", "node", "joined"], rows);
    return {
      document,
      text: sections([
        ["Room", about],
        [`Members (${members.length})`, listed],
      ]),
    };
  },
};

async function people(operator: Operator, id: RoomId, { kind }: RoomFacts) {
  const { store, inspection } = operator;
  if (kind === "pair" || kind === undefined) {
    const sessions = await inspection.rooms.sessions(id);
    return { members: await Promise.all(sessions.map((session) => member(operator, session))), leaving: [] };
  }
  const { members, gone } = await store.memberships.inspect(id);
  return {
    members: await Promise.all(
      members.map(async ({ session, user, joined, flags }) => ({
        ...(await member(operator, session)),
        user,
        joined,
        flags,
      })),
    ),
    leaving: gone.map(({ session, user }) => ({ session, user })),
  };
}

async function member({ store }: Operator, session: SessionId) {
  const record = await store.sessions.read(session);
  const joined: number | undefined = undefined;
  return { session, user: record?.user, state: record?.state ?? "gone", node: record?.node, joined };
}
