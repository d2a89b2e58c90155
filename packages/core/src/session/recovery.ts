import type { SessionId, UserId } from "@switchyard/protocol";
import type { SessionRecord } from "@switchyard/store";
import type { Context, Origin } from "../context.ts";
import { finishEvictions } from "../identity/takeover.ts";
import { networkText } from "../network.ts";

/**
 * After a session was taken over: what its former node left half done is finished.
 * @param origin what the session's connection says, where that is known
 */
export async function finishRecovery(
  context: Context,
  session: SessionId,
  epoch: number,
  record: SessionRecord,
  origin?: Origin,
): Promise<void> {
  if (origin?.network !== undefined && record.network !== networkText(origin.network))
    await context.store.sessions.setNetwork(session, networkText(origin.network), epoch);
  if (record.user !== undefined) await finishTakeover(context, session, record.user);
  for (const feature of context.features) await feature.recover?.(context, { session, epoch, origin }, record);
}

/** A session that it replaced may still be there: its node may have died before it evicted them, or before it kept the claim. */
async function finishTakeover(context: Context, session: SessionId, user: UserId): Promise<void> {
  const { users } = context.store;
  await users.keep(context.dialect, user, session);
  await finishEvictions(context, user, await users.replacedBy(context.dialect, user, session));
}
