import type { NodeId, SessionId } from "@switchyard/protocol";
import { keys } from "@switchyard/store";
import { type TestCluster, until } from "@switchyard/testkit";

type Kept = Pick<TestCluster, "redis" | "store">;

/** The grace of a session whose connection is gone. */
interface Grace {
  readonly node: NodeId;
  /** Until when it may come back, Unix time in ms. */
  readonly deadline: number;
}

/** Waits until a session's grace has begun, and the node that is to end it knows until when it is. */
export function graceOf({ redis, store }: Kept, session: SessionId): Promise<Grace> {
  return until("a grace to begin", async () => {
    const { state, node, deadline } = (await store.sessions.read(session)) ?? {};
    if (state !== "detached" || node === undefined || deadline === undefined) return false;
    return Number(await redis.zscore(keys.nodeSessions(node), session)) === deadline && { node, deadline };
  });
}

/** Ends a session's grace before its time, as if that had passed: nobody has to wait for it. */
export async function endGrace(kept: Kept, session: SessionId): Promise<void> {
  const { node } = await graceOf(kept, session);
  const past = 1;
  await kept.redis.hset(keys.session(session), "deadline", past);
  await kept.store.nodes.holdUntil(node, session, past);
}

/** Ends the lease of a node that was killed, as if its time had passed: from now on a sweep clears up after it. */
export async function endLease({ redis }: Kept, node: NodeId): Promise<void> {
  await redis.zadd(keys.leases(), 1, node);
}
