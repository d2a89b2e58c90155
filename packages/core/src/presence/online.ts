import { type Profile, RequestError, type SessionId, type UserId } from "@switchyard/protocol";
import type { Context, Feature, OnlineRules } from "../context.ts";
import {
  claimUser,
  dropEndedPeople,
  finishEvictions,
  releaseFormerUser,
  yieldToNewerSession,
} from "../identity/takeover.ts";
import type { Participant } from "../participant.ts";
import { leaveRoom } from "../rooms/leaving.ts";
import { SAMPLE } from "../stale-entries.ts";
import { writeFeedEvent } from "./feed-event.ts";

/** Who is online, for everyone in the dialect to see: each user once. */
export const presence = {
  name: "presence",
  events: ["came", "went", "online"],
  async release(context, session, { users }) {
    for (const user of users) await goOffline(context, session, user);
  },
  async audit(context) {
    await context.store.feeds.trim(context.dialect, rulesOf(context).feed);
    const people = await context.store.online.sample(context.dialect, SAMPLE);
    return dropEndedPeople(context, people, ({ session, user, claim }) => goOffline(context, session, user, claim));
  },
} as const satisfies Feature;

/**
 * The opening event of a dialect whose people see one another: the participant is online as that user, is told who else is, and hears of
 * everyone who comes and goes from then on; the others are told. The same again only repeats the list. Whoever was that user by another
 * connection is out of everything. What a process does late, when the session has ended, the sweep takes back.
 */
export async function comeOnline(
  context: Context,
  participant: Participant,
  user: UserId,
  profile: Profile,
): Promise<void> {
  const { store, dialect, outbox, render } = context;
  const { session, epoch } = participant;
  const rules = rulesOf(context);
  const opening = JSON.stringify(profile);
  const former = participant.user === user ? undefined : participant.user;
  if (former !== undefined) await leaveAs(context, participant, former);
  if (await store.sessions.setUser(session, user, undefined, epoch)) throw new RequestError("server_error");
  const { number: claim, replaced } = await claimUser(context, participant, user);
  const event = writeFeedEvent({ type: "came", user, profile }, context.trace);
  const entry = { session, user, claim, profile: opening, event };
  const online = await store.online.set(dialect, entry, rules.listed);
  await finishEvictions(context, user, replaced);
  if (typeof online === "string") throw await overtakenError(context, session, user);
  const people = online.profiles.map((text) => JSON.parse(text) as Profile);
  // the list is as of that place: from there on all is told, also what was told before and is not in the list
  const subscription = { epoch, last: online.last, opening };
  if (!(await outbox.followFeed(session, subscription, render({ type: "online", people, total: online.total })))) {
    throw await overtakenError(context, session, user);
  }
  participant.opening = opening;
  if (former !== undefined) await releaseFormerUser(context, participant, former, user);
}

function rulesOf({ onlineRules, dialect }: Context): OnlineRules {
  if (!onlineRules) throw new TypeError(`nobody sees who is online in ${dialect}`);
  return onlineRules;
}

/** Who was somebody else until now leaves everything as that one. */
async function leaveAs(context: Context, participant: Participant, former: UserId): Promise<void> {
  for (const room of participant.rooms) await leaveRoom(context, participant, room);
  await goOffline(context, participant.session, former);
}

/** It is not told that it is online, because it is so no more, or its session went on elsewhere. */
async function overtakenError(context: Context, session: SessionId, user: UserId): Promise<RequestError> {
  return new RequestError((await yieldToNewerSession(context, session, user)) ? "replaced" : "server_error");
}

/**
 * A session is that user no more; the others are told, if it was online by this one. Repeatable.
 * @param claim only if it is online by that claim
 */
export async function goOffline(context: Context, session: SessionId, user: UserId, claim?: number): Promise<void> {
  const event = writeFeedEvent({ type: "went", user }, context.trace);
  await context.store.online.clear(context.dialect, session, user, event, claim);
}
