import type { Socket } from "socket.io";
import type { LocalSession } from "../sessions/local-session.ts";

/** The part of a handshake that Socket.IO's adapters read of a socket which another node asks for. */
const FORGOTTEN = Object.freeze({});

/** The request has been read: with its headers it would stay as long as the connection. */
export function forgetRequest(socket: Socket, hasEmits: boolean): void {
  (socket.conn as { request: unknown }).request = null;
  (socket as { handshake: unknown }).handshake = hasEmits ? FORGOTTEN : null;
}

/**
 * From now on the connection is in the rooms `session:<id>` and `user:<id>`, by which emitters reach it: in that of the user that its
 * session stands for, as long as it does. Other nodes learn nothing of the socket but these two.
 */
export function enterEmitRooms(socket: Socket, { participant }: LocalSession): void {
  const { session } = participant;
  let room: string | undefined;
  const follow = () => {
    const { user } = participant;
    if (room !== undefined) socket.leave(room);
    room = user === undefined ? undefined : `user:${user}`;
    if (room !== undefined && socket.connected) socket.join(room);
  };
  for (const known of socket.rooms) if (known.startsWith("session:")) socket.leave(known);
  socket.join(`session:${session}`);
  participant.onUser = follow;
  follow();
  const seen = { toJSON: () => ({ session, user: participant.user }) };
  Object.defineProperty(socket.data, "toJSON", { value: seen.toJSON, configurable: true });
}
