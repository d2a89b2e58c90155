import { setTimeout as wait } from "node:timers/promises";
import type { Store } from "@switchyard/store";
import type { LocalSession } from "./local-session.ts";

/** How long after a takeover the older connection's goodbye counts: it may be on its way when the client is back already. */
const GOODBYE_MS = 5000;
const LOOK_EVERY_MS = 500;

/**
 * Listens a while longer to the connection of a session that another one has taken over, and closes it: as soon as nobody holds the
 * session, since whoever took it was refused then, and its client may still be on this one, and has to come back for it.
 */
export async function awaitGoodbye(
  { connection, participant }: LocalSession,
  sessions: Pick<Store["sessions"], "isConnected">,
): Promise<void> {
  const until = performance.now() + GOODBYE_MS;
  const isHeld = () => sessions.isConnected(participant.session).catch(() => true); // Redis is away: nobody knows
  do await wait(LOOK_EVERY_MS, undefined, { ref: false });
  while (performance.now() < until && (await isHeld()));
  connection?.close();
}
