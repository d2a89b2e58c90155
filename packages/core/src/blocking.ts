import type { RoomId } from "@switchyard/protocol";
import type { Context } from "./context.ts";
import { leaveRoom } from "./leaving.ts";
import type { Participant } from "./participant.ts";

/** Never to be paired with that partner again, from either side; the room ends. */
export async function block(context: Context, participant: Participant, room: RoomId): Promise<void> {
  const { partner } = participant.pairIn(room);
  await context.store.users.block(context.dialect, participant.requireUser(), partner);
  await leaveRoom(context, participant, room);
}
