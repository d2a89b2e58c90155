import { finishEvictions } from "@switchyard/core";
import type { DialectName, SessionId, UserId } from "@switchyard/protocol";
import { type Check, contextOf, type Finding, type Remedy, sweptMs } from "../../check.ts";
import type { Snapshot } from "../../snapshot.ts";

/** A session notes a user before it claims it, and keeps the note until it has given it up. */
export const userIsKnownByItsSessions: Check = {
  name: "user-sessions",
  rule: "The session that stands for a user has recorded that, and a replaced session is soon evicted.",
  begins: ["user"],
  patienceMs: sweptMs,
  async *find(snapshot, { ids }) {
    const [dialect, user] = ids as [DialectName, UserId];
    const facts = await snapshot.inspection.sessions.user(dialect, user);
    if (!facts) return;
    const standing =
      facts.session === undefined ? facts.connectedSessions : [facts.session, ...facts.connectedSessions];
    for (const session of standing) {
      const finding = await standInProblem(snapshot, dialect, user, session, facts.claims);
      if (finding) yield finding;
    }
    const newer = facts.session === undefined ? undefined : await snapshot.session(facts.session);
    if (newer && !(await snapshot.isConnected(newer))) return; // it evicts whom it replaced when it comes back, or when it ends
    for (const session of facts.evicting) {
      yield {
        problem: `user ${user} of ${dialect} was taken over (claim ${facts.claims}), and session ${session} is not evicted`,
        remedy: {
          description: "the session was evicted",
          apply: (cluster) => finishEvictions(contextOf(cluster, dialect), user, [session]),
        },
      };
    }
  },
};

async function standInProblem(
  snapshot: Snapshot,
  dialect: DialectName,
  user: UserId,
  session: SessionId,
  claims = "",
): Promise<Finding | undefined> {
  const record = await snapshot.session(session);
  if (record?.claimed.includes(user)) return undefined;
  const remedy: Remedy = {
    description: "that session no longer stands for the user",
    apply: async (cluster) => {
      const context = contextOf(cluster, dialect);
      await finishEvictions(context, user, await context.store.users.release(dialect, user, session));
    },
  };
  const what = record ? "has not noted it" : "no longer exists";
  return { problem: `session ${session} stands for user ${user} of ${dialect} (claim ${claims}), and ${what}`, remedy };
}

/** The other direction of `user-sessions`. A session that has not finished its opening event may only have noted its user to be. */
export const sessionIsKnownByItsUser: Check = {
  name: "session-user",
  rule: "A connected session that stands for a user is known to do so.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(snapshot, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await snapshot.session(session);
    if (!record || record.dialect === "" || record.user === undefined || !(await snapshot.isConnected(record))) return;
    const { dialect, user, epoch, opening, seats } = record;
    if (opening === undefined && seats.size === 0) return;
    const facts = await snapshot.inspection.sessions.user(dialect, user);
    if (facts?.session === session || facts?.connectedSessions.includes(session)) return;
    if (await snapshot.isReplaced(session, record)) return;
    const by = facts?.session ?? "nobody";
    yield { problem: `session ${session} (epoch ${epoch}) stands for ${user} of ${dialect}, who is known by ${by}` };
  },
};
