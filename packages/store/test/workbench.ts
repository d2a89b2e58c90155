import { randomUUID } from "node:crypto";
import type { RoomId, SessionId } from "@switchyard/protocol";
import { openTestStore, startRedis, type TestRedis, type TestStore, until } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { afterAll, beforeAll, inject, onTestFinished, vi } from "vitest";
import type { PairSeat, QueuedTicket, Ticket } from "../src/index.ts";
import { keys } from "../src/keys.ts";
import type { Store } from "../src/store.ts";

/** Stores with connections of their own, so that their commands compete. */
export interface Bench {
  readonly store: Store;
  readonly stores: readonly Store[];
  readonly redis: TestStore["redis"];
}

/**
 * Opens them before a file's tests and closes them after.
 * @param ownRedis where another test's sweep would come between
 */
export function useBench(outboxEvents = 256, ownRedis = false, outboxBytes = 1_048_576): Bench {
  const opened: TestStore[] = [];
  let server: TestRedis | undefined;
  beforeAll(async () => {
    if (ownRedis) server = await startRedis();
    const url = server?.url ?? inject("redisUrl");
    for (let i = 0; i < 3; i += 1)
      opened.push(await openTestStore(url, { outbox: { events: outboxEvents, bytes: outboxBytes } }));
  });
  afterAll(async () => {
    for (const one of opened) await one.close();
    await server?.stop();
  });
  const at = (i: number) => opened[i] as TestStore;
  return {
    get store() {
      return at(0).store;
    },
    get stores() {
      return opened.map(({ store }) => store);
    },
    get redis() {
      return at(0).redis;
    },
  };
}

/**
 * For the rest of a test the time of this process stands still, and of all stores with it, so that no interval is over by itself.
 * @returns what lets time pass, in ms
 */
export function stopTime(): (ms: number) => void {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  return (ms) => void vi.advanceTimersByTime(ms);
}

/** Resolves when a store's time is later than now. */
export async function laterMs({ clock }: Store): Promise<void> {
  const now = clock.now();
  await until("a later ms", () => clock.now() > now);
}

export const newId = (): string => randomUUID();

/** A live session of the dialect `random`, with the secret "secret", held by the node "node". */
export async function newSession(store: Store, id: SessionId = newId()): Promise<SessionId> {
  await store.sessions.open(id, "random", "secret", "node");
  return id;
}

export const seatBeside = (peer: SessionId): PairSeat => ({
  kind: "pair",
  queue: "chat",
  peer,
  partner: "partner",
  initiator: true,
  sharedInterests: [],
});

/** Seats a session in a room, the way that pairing does. */
export async function seated(store: Store, room: RoomId, peer: SessionId = "peer"): Promise<SessionId> {
  const session = await newSession(store);
  const asked = await store.sessions.requestTicket(session, 1, "chat", `user-${session}`, "{}");
  if (typeof asked === "string") throw new Error(asked);
  await store.sessions.reserve(session, room, asked.ticket, JSON.stringify({ queue: "chat" }));
  await store.outboxes.seat(session, room, seatBeside(peer), '["seated"]');
  return session;
}

export const ticketOf = (user: string): Ticket => ({
  user,
  since: 1,
  interests: [],
  language: undefined,
  region: undefined,
  avoid: [],
  blocked: [],
  recent: [],
});

/** A ticket as a matchmaker has it in memory. */
export const queuedOf = (session: SessionId, sequence: number, number = 1, epoch = 1): QueuedTicket => ({
  session,
  sequence,
  stamp: { number, epoch, connected: true },
  ticket: ticketOf(`user-${session}`),
});

/** What is published for a session while something is done. */
export async function published(session: string, act: () => Promise<unknown>): Promise<string[]> {
  const listener = new Redis(inject("redisUrl"));
  const received: string[] = [];
  try {
    listener.on("smessage", (_: string, text: string) => received.push(text));
    await listener.ssubscribe(keys.outbox(session));
    await act();
    await listener.ping(); // answered after what was published before it
  } finally {
    listener.disconnect();
  }
  return received;
}

/** The packets that a session was given, read as a client that has had none. */
export async function eventsOf(store: Store, session: SessionId): Promise<{ number: number; packet: string }[]> {
  const record = await store.sessions.read(session);
  const restored = await store.sessions.reconcile(session, record?.epoch ?? 0, 0);
  if (typeof restored === "string") throw new Error(restored);
  return [...restored.missed];
}
