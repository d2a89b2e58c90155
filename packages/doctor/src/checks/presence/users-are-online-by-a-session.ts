import { finishEvictions, goOffline } from "@switchyard/core";
import type { DialectName, SessionId, UserId } from "@switchyard/protocol";
import { among, type Check, contextOf, type Finding, type Remedy, sweptMs } from "../../check.ts";
import type { Snapshot } from "../../snapshot.ts";

/** Of `calls` by the entry, which names the session; of `chat` by those that are counted, and by how many. */
export const usersAreOnlineByASession: Check = {
  name: "people-online",
  rule: "Every user online by name is so by sessions that stand for the user.",
  begins: ["presencePeople", "presenceHolders"],
  patienceMs: sweptMs,
  async *find(snapshot, { kind, ids }) {
    const dialect = ids[0] as DialectName;
    const { presence } = snapshot.inspection;
    if (kind === "presenceHolders") {
      yield* among(presence.holders(dialect), ([session, user]) =>
        ghostProblem(snapshot, dialect, session, user, true),
      );
    } else {
      const counted = await countedSessions(snapshot, dialect);
      yield* among(presence.people(dialect), async ([user, entry]) => {
        if (/^\d+$/.test(entry)) return countProblem(dialect, user, Number(entry), counted.get(user) ?? []);
        return ghostProblem(snapshot, dialect, entry.slice(0, entry.indexOf(" ")), user, false);
      });
    }
  },
};

async function ghostProblem(
  snapshot: Snapshot,
  dialect: DialectName,
  session: SessionId,
  user: UserId,
  severalTimes: boolean,
): Promise<Finding | undefined> {
  const record = await snapshot.session(session);
  if (record?.claimed.includes(user)) return undefined;
  const remedy: Remedy = {
    description: "that session no longer stands for the user, who is offline if it was the last",
    apply: async (cluster) => {
      const context = contextOf(cluster, dialect);
      const { store } = context;
      await finishEvictions(context, user, await store.users.release(dialect, user, session));
      if (severalTimes) await store.online.removeSession(dialect, session);
      else await goOffline(context, session, user);
    },
  };
  const problem = `user ${user} is online in ${dialect} by session ${session}, which ${record ? "is somebody else's" : "no longer exists"}`;
  return { problem, remedy };
}

/** With the sessions in its words, as many come and go at any time. */
function countProblem(
  dialect: DialectName,
  user: UserId,
  count: number,
  sessions: readonly SessionId[],
): Finding | undefined {
  if (count === sessions.length) return undefined;
  const listed = sessions.toSorted().join(", ") || "none";
  return { problem: `user ${user} is in ${dialect} by ${count} sessions, and those are ${listed}` };
}

async function countedSessions({ inspection }: Snapshot, dialect: DialectName): Promise<Map<UserId, SessionId[]>> {
  const counted = new Map<UserId, SessionId[]>();
  for await (const page of inspection.presence.holders(dialect)) {
    for (const [session, user] of page) {
      const known = counted.get(user) ?? [];
      if (!known.includes(session)) known.push(session);
      counted.set(user, known);
    }
  }
  return counted;
}

/** The other direction of `people-online`. A session that follows the dialect's feed has come online. */
export const sessionsAreOnlineAsTheirUser: Check = {
  name: "session-online",
  rule: "A connected session that has come online as a user is that user, for everyone to see.",
  begins: ["session"],
  patienceMs: sweptMs,
  async *find(snapshot, { ids }) {
    const session: SessionId = ids[0] ?? "";
    const record = await snapshot.session(session);
    const { dialect = "", user, epoch, feed } = record ?? {};
    if (!record || dialect === "" || user === undefined || !feed || !(await snapshot.isConnected(record))) return;
    const { presence } = snapshot.inspection;
    const entry = await presence.person(dialect, user);
    const isOnline = entry?.startsWith(`${session} `) || (await presence.heldBy(dialect, session)) === user;
    if (isOnline || (await snapshot.isReplaced(session, record))) return;
    yield { problem: `session ${session} (epoch ${epoch}) has come online as ${user}, who is not online by it` };
  },
};

/** One script writes both. The lists of users online go by the order. */
export const arrivalsAreOnline: Check = {
  name: "arrivals",
  rule: "Exactly the users online by name are in the order of arrivals.",
  begins: ["presenceArrivals", "presencePeople"],
  async *find({ inspection: { presence } }, { kind, ids }) {
    const dialect = ids[0] as DialectName;
    const isArrivals = kind === "presenceArrivals";
    yield* among(isArrivals ? presence.arrivals(dialect) : online(), async (user) => {
      const { isOnline, hasArrived } = await presence.standing(dialect, user);
      if (isOnline === hasArrived) return undefined;
      const problem = hasArrived ? "has a place in the order, and is not online" : "is online, and has no place";
      return { problem: `user ${user} of ${dialect} ${problem}` };
    });

    async function* online() {
      for await (const page of presence.people(dialect)) yield page.map(([user]) => user);
    }
  },
};
