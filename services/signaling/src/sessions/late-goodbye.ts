import { setTimeout as wait } from "node:timers/promises";
import type { Store } from "@switchyard/store";
import type { LocalSession } from "./local-session.ts";

/**
 * How often it is looked, and how long apart. All looks together take as long after a takeover as the older connection's goodbye counts:
 * it may be on its way when the client is back already. A node that stood still meanwhile goes on looking, and so still reads it.
 */
const LOOKS = 10;
const LOOK_EVERY_MS = 500;

/**
 * Listens a while longer to the connection of a session that another one has taken over, and closes it: as soon as nobody holds the
 * session, since whoever took it was refused then, and its client may still be on this one, and has to come back for it.
 */
export async function awaitGoodbye(
  { connection, participant }: Pick<LocalSession, "connection" | "participant">,
  sessions: Pick<Store["sessions"], "isConnected">,
  lookEveryMs = LOOK_EVERY_MS,
): Promise<void> {
  const isHeld = () => sessions.isConnected(participant.session).catch(() => true); // Redis is away: nobody knows
  for (let looks = 0; looks < LOOKS; looks += 1) {
    await wait(lookEveryMs, undefined, { ref: false });
    if (!(await isHeld())) break;
  }
  connection?.close();
}
