import type { Json, RoomId, UserId } from "@switchyard/protocol";
import type { Context } from "./context.ts";

/** An invitation to a call. */
export interface Invitation {
  readonly room: RoomId;
  /** Who invites, said as that one's client said it. */
  readonly initiator: Json;
  readonly isVideo: boolean;
}

/** Invites everyone of `users` who is online. */
export async function invite(context: Context, users: Iterable<UserId>, invitation: Invitation): Promise<void> {
  const { store, wire, dialect } = context;
  const invited = [...new Set(users)].map(async (user) => {
    const session = await store.users.holder(dialect, user);
    if (session !== undefined) await wire.tell({ to: "session", session }, { type: "invited", ...invitation });
  });
  await Promise.all(invited);
}
