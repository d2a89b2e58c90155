import type { NodeId, RoomId, SessionId } from "@switchyard/protocol";
import { keys } from "@switchyard/store";
import type { World } from "../world.ts";

/** A session's hash, taken apart. */
export interface SessionState {
  readonly id: SessionId;
  readonly fields: Readonly<Record<string, string>>;
  readonly seats: readonly RoomId[];
  /** Rooms that it may still be seated in. */
  readonly reserved: readonly RoomId[];
  /** Rooms of which something is still to be undone. */
  readonly undone: readonly RoomId[];
  /** Rooms whose members may not have been told of it. */
  readonly unannounced: readonly RoomId[];
}

export interface Snapshot {
  readonly sessions: readonly SessionState[];
  readonly indexes: ReadonlyMap<NodeId, readonly SessionId[]>;
}

/** All sessions and all nodes' indexes, at one moment. */
export async function takeSnapshot(world: World): Promise<Snapshot> {
  const snapshot = world.redis.pipeline();
  for (const session of world.sessions) snapshot.hgetall(keys.session(session));
  for (const { id } of world.nodes) snapshot.zrange(keys.nodeSessions(id), "0", "-1");
  const answers = ((await snapshot.exec()) ?? []).map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
  const hashes = answers.slice(0, world.sessions.length) as Record<string, string>[];
  const lists = answers.slice(world.sessions.length) as string[][];
  return {
    sessions: hashes.flatMap((fields, i) => {
      const id = world.sessions[i];
      return id === undefined || Object.keys(fields).length === 0 ? [] : [stateOf(id, fields)];
    }),
    indexes: new Map(world.nodes.map(({ id }, i) => [id, lists[i] ?? []])),
  };
}

function stateOf(id: SessionId, fields: Record<string, string>): SessionState {
  const roomsOf = (kind: string) =>
    Object.keys(fields).flatMap((field) => (field.startsWith(`${kind}:`) ? [field.slice(2)] : []));
  const released = new Set(roomsOf("b"));
  const pending = roomsOf("p");
  return {
    id,
    fields,
    seats: roomsOf("r"),
    reserved: pending.filter((room) => !released.has(room)),
    undone: [...pending, ...released, ...roomsOf("x")],
    unannounced: roomsOf("n"),
  };
}
