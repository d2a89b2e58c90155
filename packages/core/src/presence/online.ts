import type { Profile, SessionId, UserId } from "@switchyard/protocol";
import type { Context, Feature, OnlineRules } from "../context.ts";
import {
  claimUser,
  dropEndedPeople,
  finishEvictions,
  overtakenError,
  releaseFormerUser,
} from "../identity/takeover.ts";
import type { Participant } from "../participant.ts";
import { leaveRoom } from "../rooms/leaving.ts";
import { SAMPLE } from "../stale-entries.ts";
import { writeFeedEvent } from "./feed-event.ts";

/** The users that are online, for everyone in the dialect to see: each user once. */
export const presence = {
  name: "presence",
  events: ["came", "went", "online", "people"],
  async list(context) {
    const { store, dialect } = context;
    const { last, total, profiles } = await store.online.people(dialect, rulesOf(context).listed);
    const people = profiles.map((text) => JSON.parse(text) as Profile);
    return { event: { type: "people", people, total }, last, receivers: total };
  },
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
 * The opening event of a dialect whose users see one another: the participant is online as that user, receives the list of the others,
 * and each arrival and departure from then on, and lists after these; the others receive its own. The same again only repeats the list. A session that was that
 * user by another connection is out of everything. The sweep takes back late writes of a process, after the session has ended.
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
  const { number: claim, replaced } = await claimUser(context, participant, user);
  const event = writeFeedEvent({ type: "came", user, profile }, context.trace);
  const entry = { session, user, claim, profile: opening, event, lease: participant.sender.lease };
  const online = await store.online.set(dialect, entry, rules.listed);
  await finishEvictions(context, user, replaced);
  if (typeof online === "string") throw await overtakenError(context, session, user);
  store.feeds.noticed(dialect, online.last);
  const people = online.profiles.map((text) => JSON.parse(text) as Profile);
  // the list is as of that offset: everything after it is delivered, also what was published before and is not in the list
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

/** A participant that was another user until now leaves everything as that user. */
async function leaveAs(context: Context, participant: Participant, former: UserId): Promise<void> {
  for (const room of participant.rooms) await leaveRoom(context, participant, room);
  await goOffline(context, participant.session, former);
}

/**
 * A session no longer is that user; the others receive that, if the user was online by this session. Repeatable.
 * @param claim only if it is online by that claim
 */
export async function goOffline(context: Context, session: SessionId, user: UserId, claim?: number): Promise<void> {
  const event = writeFeedEvent({ type: "went", user }, context.trace);
  await context.store.online.clear(context.dialect, session, user, event, claim);
}
