import type { Profile, RoomId, SessionId, UserId } from "@switchyard/protocol";
import type { Entered, Entrant, EntryError, MemberSeat, Occupant } from "@switchyard/store";
import type { Context, NamedRooms } from "../context.ts";
import { finishEvictions } from "../identity/takeover.ts";
import type { Participant } from "../participant.ts";
import { keptAs } from "../reference.ts";
import { leaveUpTo } from "./leaving.ts";

/** The id before that of any message. */
const NO_MESSAGE = "0-0";

/** A request to be in a room, as a user. */
export interface EntryRequest {
  readonly room: RoomId;
  readonly user: UserId;
  readonly profile: Profile;
  /** Content of the opening event (JSON), where that is what it enters by. */
  readonly opening?: string;
  /** Whether only a room that somebody is in will do. */
  readonly existing?: boolean;
}

/** The outcome of being seated. */
interface SeatResult extends Entered {
  /** Rooms that are to be left for it. */
  readonly toLeave: readonly string[];
}

/**
 * Puts a participant into a room, and gives it its seat there with the list of members. A member may come or go between the two: then it
 * is done again, with a newer list. Remains of an earlier attempt are cleared away first.
 * @param isSeated whether it is in the room already, by that attempt
 * @param replaced sessions of its user that are to give way
 * @returns why it can't be; `overtaken` also if the attempt no longer counts
 */
export async function enterAndSeat(
  context: Context,
  participant: Participant,
  entry: EntryRequest,
  entrant: Entrant,
  isSeated: boolean,
  replaced: readonly SessionId[],
  rules: NamedRooms,
): Promise<SeatResult | EntryError> {
  const { store, dialect } = context;
  const { session, attempt } = entrant;
  const { room, user } = entry;
  let first: Entered | undefined;
  for (;;) {
    const entered = await store.memberships.enter(room, entrant, rules, entry.existing === true);
    if (typeof entered === "string") {
      await finishEvictions(context, user, replaced);
      return entered;
    }
    if ("attempt" in entered) {
      await leaveUpTo(context, session, room, entered.attempt);
      continue;
    }
    first ??= entered;
    await store.presence.roomOpened(dialect, room);
    await finishEvictions(context, user, replaced);
    const toLeave = await admit(context, participant, entry, attempt, { ...entered, isFirst: first.opened }, rules);
    if (toLeave === "outdated") continue;
    if (toLeave) return { ...entered, outcome: first.outcome, opened: first.opened, toLeave };
    if (!isSeated) await leaveUpTo(context, session, room, attempt); // else its seat is another node's to take
    return "overtaken";
  }
}

/** The seat, and the event that describes the room, are written in one step. */
async function admit(
  { outbox, render }: Context,
  participant: Participant,
  { room, user, profile, opening }: EntryRequest,
  attempt: number,
  { roster, messages, opened, isFirst }: Entered & { readonly isFirst: boolean },
  { oneAtATime }: NamedRooms,
) {
  const { session, epoch } = participant;
  const { members, revision: listed } = roster;
  const self = members.find((member) => member.session === session) as Occupant;
  const seat: MemberSeat = { kind: "member", user, profile, entry: self.revision };
  const seating = { seat, epoch, opening, attempt, listed, members, oneAtATime };
  const event = { type: "welcomed", room, self, members, opened, isFirst } as const;
  const upTo = messages.at(-1)?.id ?? NO_MESSAGE;
  const packet = keptAs(render({ ...event, messages }), { event, upTo });
  const toLeave = await outbox.admit(session, room, seating, packet);
  if (typeof toLeave !== "object") return toLeave;
  participant.apply({ in: room, seat });
  for (const other of toLeave) participant.apply({ out: other });
  if (opening !== undefined) participant.opening = opening;
  return toLeave;
}
