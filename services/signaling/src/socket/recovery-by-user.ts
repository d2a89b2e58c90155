import type { UserId } from "@switchyard/protocol";
import type { TokenExpiry } from "../admission/token-expiry.ts";
import type { DialectChannels } from "../broadcast/dialect-channels.ts";
import type { Binding } from "../events/bind.ts";
import type { DialectRuntime } from "../events/dialect-registry.ts";
import { Subject } from "../limits/subject.ts";
import type { NodeBans } from "../moderation/node-bans.ts";
import type { LocalSession } from "../sessions/local-session.ts";
import type { SessionHost } from "../sessions/session-host.ts";

interface RecoveryParts {
  readonly host: SessionHost;
  readonly dialectChannels: DialectChannels;
  readonly expiry: TokenExpiry<LocalSession>;
  readonly bans: Pick<NodeBans, "find">;
}

/**
 * A client that can't recover is back within its grace, as the same user: its connection goes on with the session that it had, so that
 * nobody hears that it left, and the session that it was given at its return ends. The reply to its opening event says where it is.
 * @returns whether there was such a session
 */
export async function recoverFormerSession(
  binding: Binding,
  user: UserId,
  { dialect }: DialectRuntime,
  { host, dialectChannels, expiry, bans }: RecoveryParts,
): Promise<boolean> {
  const { session: fresh } = binding;
  const { connection } = fresh;
  const { bearer, network } = fresh.participant;
  if (bans.find({ dialect: dialect.name, users: [user], network })) return false; // the event is refused
  // a token for one room may not be good for the room that the session is in
  if (!connection || bearer?.room !== undefined) return false;
  const resumption = await host.resumeByUser({ user, bearer: bearer?.user }, dialect.name, fresh);
  if (!resumption) return false;
  const { session } = resumption;
  session.isDisconnecting = fresh.isDisconnecting;
  binding.session = session;
  binding.subject = new Subject(session.participant, binding.subject.connection);
  session.attach(connection, resumption.restored);
  expiry.forget(fresh);
  try {
    await host.finishResumption(resumption);
    await dialectChannels.join(session, dialect);
  } finally {
    dialectChannels.leave(fresh, true);
    await host.disconnect(fresh, "end"); // whatever failed: nobody else lets it go
  }
  return true;
}
