import type { SessionId } from "@switchyard/protocol";
import type { SessionRecord } from "@switchyard/store";
import type { Command } from "../command.ts";
import { OperatorError } from "../exit-code.ts";
import type { Operator } from "../operator.ts";
import { facts, sections, table } from "../table.ts";
import { duration, list, since, size } from "../units.ts";

export const session: Command = {
  name: "session",
  operands: ["<session>"],
  summary: "One session: its node, rooms, queue and last events. Its id is the client's socket.id.",
  more:
    "The outbox holds the events that are sent again when the client reconnects. `to leave` names rooms that " +
    "it is out of and that have not been notified yet. Contents of messages are shown with --packets " +
    "only. Ends with 1 where there is no such session.",
  examples: [
    {
      call: "sy session 5Pm0bWrtLA3FAbNoAAAB",
      description: "by the client's `socket.id`; one that begins with a dash is understood too",
    },
    {
      call: "sy session 5Pm0bWrtLA3FAbNoAAAB --events 50 --packets",
      description: "the last events, word for word",
    },
  ],
  options: {
    events: { value: "n", description: "how many of the last events (default 10)" },
    packets: { description: "the events as they were sent, content and all" },
  },
  run: async ({ operands: [id = ""], flags, open }) => {
    const operator = await open();
    const { store, inspection } = operator;
    const record = await store.sessions.read(id);
    if (!record) throw new OperatorError(`there is no session ${id}`);
    const count = flags.number("events", 10);
    const [outbox, events, lease, waiting] = await Promise.all([
      inspection.sessions.outbox(id),
      count === 0 ? [] : inspection.sessions.lastEvents(id, count),
      inspection.nodes.leaseOf(record.node),
      waitOf(operator, id, record),
    ]);
    const now = store.clock.now();
    const nodeState = lease === undefined ? "gone" : lease > now ? "alive" : "dead";
    const last = events.map(({ number, packet }) => ({
      number,
      event: String((JSON.parse(packet) as unknown[])[0]),
      bytes: packet.length,
      ...(flags.has("packets") ? { packet } : {}),
    }));
    const document = { id, ...plain(record), nodeState, waiting, outbox: { told: record.number, ...outbox, last } };
    return { document, text: show(document, now) };
  },
};

/** A record with lists in the place of maps. */
function plain({ state, dialect, user, bearer, node, epoch, opened, deadline, ...more }: SessionRecord) {
  const { seats, reserved, departing, pendingEntries, callLegs } = more;
  const rooms = [...seats].map(([id, seat]) => {
    if (seat.kind === "pair") return { id, kind: seat.kind, peer: seat.peer, partner: seat.partner };
    return { id, kind: seat.kind, user: seat.user };
  });
  const calls = [...callLegs].map(([to, by]) => ({ user: to, session: by }));
  return {
    state,
    dialect: dialect || undefined,
    user,
    bearer,
    node,
    epoch,
    opened,
    deadline,
    rooms,
    reserved,
    departing,
    entering: pendingEntries,
    calls,
  };
}

async function waitOf({ store, inspection }: Operator, id: SessionId, { ticket }: SessionRecord) {
  if (!ticket) return undefined;
  const [queued] = await store.queues.find(ticket.queue, [id]);
  const { stamp } = await inspection.queues.entry(ticket.queue, id);
  return {
    queue: ticket.queue,
    number: ticket.number,
    isQueued: stamp?.number === ticket.number,
    position: queued ? await store.queues.position(ticket.queue, id) : undefined,
    cohort: queued?.ticket.cohort,
    waitedMs: queued ? store.clock.now() - queued.ticket.since : undefined,
  };
}

interface Shown extends ReturnType<typeof plain> {
  readonly id: SessionId;
  readonly nodeState: string;
  readonly waiting: Awaited<ReturnType<typeof waitOf>>;
  readonly outbox: {
    readonly told: number;
    readonly kept: number;
    readonly bytes: number;
    readonly last: readonly { readonly number: number; readonly event: string; readonly bytes: number }[];
  };
}

function show(one: Shown, now: number): string {
  const { outbox, waiting } = one;
  const about = facts([
    ...([
      ["session", one.id],
      ["state", one.state],
      ["dialect", one.dialect],
      ["user", one.user],
    ] as const),
    ["node", `${one.node} (${one.nodeState}), epoch ${one.epoch}`],
    ...([
      ["opened", since(one.opened, now)],
      ["ends", since(one.deadline, now)],
    ] as const),
    [
      "waits",
      waiting && `in ${waiting.queue}, position ${waiting.position ?? "-"}, ${duration(waiting.waitedMs ?? 0)}`,
    ],
    ["cohort", waiting?.cohort],
    ["to leave", list(one.departing)],
    ["entering", list([...one.entering, ...one.reserved])],
    ["in calls with", list(one.calls.map(({ user, session: by }) => `${user} (${by})`))],
    ["outbox", `${outbox.told} told, ${outbox.kept} kept, ${size(outbox.bytes)}`],
  ]);
  const rooms = one.rooms.map((seat) => [seat.id, seat.kind, seat.partner ?? seat.user, seat.peer]);
  const events = outbox.last.map((event) => [
    event.number,
    event.event,
    event.bytes,
    "packet" in event ? String(event.packet) : "",
  ]);
  return sections([
    ["Session", about],
    ["Rooms", table(["room", "as", "user", "beside"], rooms)],
    ["Last events", table(["number", "event", "bytes", "packet"], events)],
  ]);
}
