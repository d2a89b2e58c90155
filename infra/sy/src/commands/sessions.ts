import { dialectNames } from "@switchyard/dialects";
import type { DialectName, SessionId, UserId } from "@switchyard/protocol";
import type { Command } from "../command.ts";
import { OperatorError } from "../exit-code.ts";
import type { Operator } from "../operator.ts";
import { table } from "../table.ts";
import { list, since } from "../units.ts";

export const sessions: Command = {
  name: "sessions",
  operands: [],
  summary: "Sessions: of a user, of a node, or some of all.",
  more:
    "A session is one participant, across reconnects and nodes; its id is the client's `socket.id`. `ends` " +
    "says when a session without a connection is over. Ends with 1 where there is no such node.",
  examples: [
    { call: "sy sessions --user anna", description: "where anna is, and in what" },
    { call: "sy sessions --node node-1 --limit 1000", description: "the sessions that a node holds" },
  ],
  options: {
    user: { value: "user", description: "only those of that user" },
    dialect: { value: "name", description: "only of that dialect" },
    node: { value: "node", description: "only those of that node" },
    limit: { value: "n", description: "at most so many (default 100)" },
  },
  run: async ({ flags, open }) => {
    const operator = await open();
    const [user, node] = [flags.text("user"), flags.text("node")];
    const dialect = flags.oneOf("dialect", dialectNames);
    const limit = flags.number("limit", 100, 1);
    if (node !== undefined && (await operator.inspection.nodes.leaseOf(node)) === undefined) {
      throw new OperatorError(`there is no node ${node}`);
    }
    const found: Described[] = [];
    const ids = user === undefined ? heldBy(operator, node) : standingFor(operator, user, dialect);
    for await (const id of ids) {
      const one = await describe(operator, id);
      if (one && (!dialect || one.dialect === dialect) && (!node || one.node === node)) found.push(one);
      if (found.length > limit) break;
    }
    const shown = found.slice(0, limit);
    const now = operator.store.clock.now();
    const rows = shown.map(({ id, dialect: of, user: who, state, node: at, opened, deadline, rooms, queue }) => [
      id,
      of,
      who,
      state,
      at,
      since(opened, now),
      since(deadline, now),
      list(rooms),
      queue,
    ]);
    const names = ["session", "dialect", "user", "state", "node", "opened", "ends", "rooms", "waits in"];
    const more = found.length > limit;
    const text = table(names, rows);
    return { document: { sessions: shown, more }, text: more ? `${text}\n\nand more; --limit shows them` : text };
  },
};

/** A session, as lists show it. Times are Unix time in ms. */
interface Described {
  readonly id: SessionId;
  readonly dialect: DialectName | undefined;
  readonly user: UserId | undefined;
  readonly state: string;
  readonly node: string;
  readonly opened: number;
  readonly deadline: number | undefined;
  readonly rooms: readonly string[];
  readonly queue: string | undefined;
}

async function describe({ store }: Operator, id: SessionId): Promise<Described | undefined> {
  const record = await store.sessions.read(id);
  if (!record) return undefined;
  const { dialect, user, state, node, opened, deadline, seats, ticket } = record;
  const rooms = [...seats.keys()];
  return { id, dialect: dialect || undefined, user, state, node, opened, deadline, rooms, queue: ticket?.queue };
}

async function* heldBy({ inspection }: Operator, node: string | undefined): AsyncGenerator<SessionId> {
  const nodes = node === undefined ? (await inspection.nodes.leases()).map((lease) => lease.node) : [node];
  const seen = new Set<SessionId>(); // one that has moved is in two indexes for a while
  for (const one of nodes) {
    for await (const page of inspection.nodes.index(one)) {
      for (const { session } of page) {
        if (!seen.has(session)) yield session;
        seen.add(session);
      }
    }
  }
}

async function* standingFor(
  { inspection, cluster }: Operator,
  user: UserId,
  dialect: DialectName | undefined,
): AsyncGenerator<SessionId> {
  for (const name of dialect ? [dialect] : cluster.contexts.keys()) {
    const facts = await inspection.sessions.user(name, user);
    if (facts?.session !== undefined) yield facts.session;
    yield* facts?.connectedSessions ?? [];
  }
}
