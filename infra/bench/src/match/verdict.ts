import type { SessionId } from "@switchyard/protocol";
import type { Seat, SessionRecord, Store } from "@switchyard/store";

const BATCH = 500;

/** The outcome for a crowd. All counts but `paired` should be 0. */
export interface Verdict {
  readonly paired: number;
  /** In more than one room at a time. */
  readonly inTwoRooms: number;
  /** In no room. */
  readonly leftOver: number;
  /** In a room whose other side is somewhere else. */
  readonly oneSided: number;
}

/** Every session of a crowd that there is. */
export async function readAll(store: Store, crowd: readonly SessionId[]): Promise<Map<SessionId, SessionRecord>> {
  const records = new Map<SessionId, SessionRecord>();
  for (let from = 0; from < crowd.length; from += BATCH) {
    const batch = crowd.slice(from, from + BATCH);
    const read = await Promise.all(batch.map((session) => store.sessions.read(session)));
    for (const [i, record] of read.entries()) if (record) records.set(batch[i] as SessionId, record);
  }
  return records;
}

/** Reads every session of a crowd and checks it against its partner's. */
export async function judge(store: Store, crowd: readonly SessionId[]): Promise<Verdict> {
  const records = await readAll(store, crowd);
  const verdict = { paired: 0, inTwoRooms: 0, leftOver: crowd.length - records.size, oneSided: 0 };
  for (const [session, { seats, reserved }] of records) {
    const [[room, seat] = []] = seats;
    if (seats.size + reserved.length > 1) verdict.inTwoRooms += 1;
    else if (room === undefined || seat?.kind !== "pair") verdict.leftOver += 1;
    else if (peerOf(records.get(seat.peer)?.seats.get(room)) !== session) verdict.oneSided += 1;
    else verdict.paired += 1;
  }
  return verdict;
}

function peerOf(seat: Seat | undefined): SessionId | undefined {
  return seat?.kind === "pair" ? seat.peer : undefined;
}

/** Whether everyone is in exactly one room, together with exactly one other. */
export function isPerfect({ inTwoRooms, leftOver, oneSided }: Verdict): boolean {
  return inTwoRooms + leftOver + oneSided === 0;
}

/** Waits until nobody waits and nothing is left to be carried out. */
export async function isSettled(store: Store, queue: string): Promise<boolean> {
  const [{ waiting }, open] = await Promise.all([store.queues.figures(queue), store.assignments.open(queue)]);
  return waiting === 0 && open === 0;
}
