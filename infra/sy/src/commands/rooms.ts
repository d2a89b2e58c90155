import { dialectNames } from "@switchyard/dialects";
import type { DialectName, RoomId } from "@switchyard/protocol";
import type { Command } from "../command.ts";
import type { Operator } from "../operator.ts";
import { table } from "../table.ts";
import { since } from "../units.ts";

const PAGE = 100;

export const rooms: Command = {
  name: "rooms",
  operands: [],
  summary: "The rooms that have participants.",
  more:
    "A pair, a match, a call or a meeting each. The room that all in `chat` share is not on the list. A room " +
    "in which nobody is any more is kept for a while without being listed.",
  examples: [
    { call: "sy rooms --dialect rooms", description: "all meetings" },
    { call: "sy rooms --limit 100000 --json", description: "for a script; `more` says whether there are others" },
  ],
  options: {
    dialect: { value: "name", description: "only of that dialect" },
    limit: { value: "n", description: "at most so many (default 100)" },
  },
  run: async ({ flags, open }) => {
    const operator = await open();
    const dialect = flags.oneOf("dialect", dialectNames);
    const limit = flags.number("limit", 100, 1);
    const dialects = dialect ? [dialect] : [...operator.cluster.contexts.keys()];
    const found: RoomId[] = [];
    for (const name of dialects) found.push(...(await listed(operator, name, limit + 1 - found.length)));
    const listedRooms = (await Promise.all(found.slice(0, limit).map((room) => describe(operator, room)))).flat();
    const total = (await Promise.all(dialects.map((name) => operator.store.presence.rooms(name)))).reduce(
      (sum, count) => sum + count,
      0,
    );
    const now = operator.store.clock.now();
    const rows = listedRooms.map(({ id, dialect: of, kind, state, people, created, changed }) => [
      id,
      of,
      kind,
      state,
      people,
      since(created, now),
      since(changed, now),
    ]);
    const text = table(["room", "dialect", "kind", "state", "people", "opened", "changed"], rows);
    const more = found.length > limit;
    return {
      document: { rooms: listedRooms, total, more },
      text: more ? `${text}\n\n${total} in all; --limit shows more` : text,
    };
  },
};

async function listed({ store }: Operator, dialect: DialectName, count: number): Promise<RoomId[]> {
  const found: RoomId[] = [];
  let cursor: string | undefined;
  while (found.length < count) {
    const page = await store.presence.listRooms(dialect, cursor, Math.min(PAGE, count - found.length));
    found.push(...page.members);
    cursor = page.next;
    if (cursor === undefined) break;
  }
  return found;
}

async function describe({ store, inspection }: Operator, id: RoomId) {
  const [facts, people] = await Promise.all([inspection.rooms.facts(id), store.memberships.size(id)]);
  if (!facts) return []; // it has gone meanwhile
  const { dialect, kind, state, created, changed } = facts;
  return [{ id, dialect, kind, state, people, created, changed }];
}
