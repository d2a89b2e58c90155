import { type Profile, RefusedError, type SessionId, type UserId } from "@switchyard/protocol";
import type { Context, OnlineRules } from "./context.ts";
import { writeFeedEvent } from "./feed-event.ts";
import { leaveRoom } from "./leaving.ts";
import type { Participant } from "./participant.ts";
import { standFor } from "./takeover.ts";

/**
 * The opening event of a dialect whose people see one another: the participant is online as that user, is told who else is, and hears of
 * everyone who comes and goes from then on; the others are told. The same again only repeats the list. Whoever was that user by another
 * connection is out of everything.
 */
export async function comeOnline(
  context: Context,
  participant: Participant,
  user: UserId,
  profile: Profile,
): Promise<void> {
  const { session, epoch } = participant;
  const rules = rulesOf(context);
  const opening = JSON.stringify(profile);
  if (participant.user !== undefined && participant.user !== user) await goAsAnother(context, participant);
  const noted = await context.store.sessions.adoptUser(session, user, undefined, epoch);
  if (noted) throw new RefusedError("server_error");
  const came = writeFeedEvent({ type: "came", user, profile });
  const online = await context.store.people.come(context.dialect, session, user, opening, came, rules.listed);
  await standFor(context, participant, user);
  const people = online.profiles.map((text) => JSON.parse(text) as Profile);
  const event = { type: "online", people, total: online.total } as const;
  if (participant.opening === undefined || online.news) {
    const place = { epoch, last: online.last, opening };
    if (!(await context.wire.follow(session, place, event))) throw new RefusedError("server_error");
  } else await context.wire.tell({ to: "session", session }, event);
  participant.opening = opening;
}

/** A session is that user no more; the others are told, if it was online by this one. Repeatable. */
export async function goOffline(context: Context, session: SessionId, user: UserId): Promise<void> {
  if (!context.online || context.online.severalTimes) return;
  await context.store.people.go(context.dialect, session, user, writeFeedEvent({ type: "went", user }));
}

function rulesOf({ online, dialect }: Context): OnlineRules {
  if (!online) throw new TypeError(`nobody sees who is online in ${dialect}`);
  return online;
}

/** Who was somebody else until now leaves everything as that one. */
async function goAsAnother(context: Context, participant: Participant): Promise<void> {
  for (const room of participant.rooms) await leaveRoom(context, participant.session, room);
  if (participant.user !== undefined) await goOffline(context, participant.session, participant.user);
}
