import type { DialectName, NodeId, RoomId, SessionId, UserId } from "@switchyard/protocol";

/**
 * Every key there is. One aggregate has one hash tag, so it lives in one slot and one script decides for all of it.
 * Ids that clients choose are percent-encoded, so that none can break out of its tag.
 */
const encoded = encodeURIComponent;

export const keys = {
  session: (id: SessionId) => `sy:{session:${id}}`,
  outbox: (id: SessionId) => `sy:{session:${id}}:out`,
  roomMeta: (id: RoomId) => `sy:{room:${encoded(id)}}:meta`,
  roomPeers: (id: RoomId) => `sy:{room:${encoded(id)}}:peers`,
  roomChat: (id: RoomId) => `sy:{room:${encoded(id)}}:chat`,
  queueWaiting: (queue: string) => `sy:{queue:${queue}}:waiting`,
  queueTickets: (queue: string) => `sy:{queue:${queue}}:tickets`,
  queueStamps: (queue: string) => `sy:{queue:${queue}}:stamps`,
  queueMeta: (queue: string) => `sy:{queue:${queue}}:meta`,
  queueChanges: (queue: string) => `sy:{queue:${queue}}:changes`,
  queueAssignments: (queue: string) => `sy:{queue:${queue}}:assignments`,
  queueLeader: (queue: string) => `sy:{queue:${queue}}:leader`,
  presenceSessions: (dialect: DialectName) => `sy:{presence:${dialect}}:sessions`,
  presenceMeta: (dialect: DialectName) => `sy:{presence:${dialect}}:meta`,
  presenceRooms: (dialect: DialectName) => `sy:{presence:${dialect}}:rooms`,
  lobby: (dialect: DialectName) => `sy:{presence:${dialect}}:lobby`,
  counters: (dialect: DialectName) => `sy:{presence:${dialect}}:counters`,
  user: (dialect: DialectName, user: UserId) => `sy:{user:${dialect}:${encoded(user)}}`,
  userMet: (dialect: DialectName, user: UserId) => `sy:{user:${dialect}:${encoded(user)}}:met`,
  userBlocked: (dialect: DialectName, user: UserId) => `sy:{user:${dialect}:${encoded(user)}}:blocked`,
  leases: () => "sy:{nodes}:leases",
  nodeInfo: (node: NodeId) => `sy:{node:${node}}:info`,
  nodeSessions: (node: NodeId) => `sy:{node:${node}}:sessions`,
  nodeProbe: (node: NodeId) => `sy:{node:${node}}:probe`,
} as const;

/** The prefix of the keys that BullMQ keeps for the matchmakers' recurring jobs. */
export const JOBS_PREFIX = "sy:{jobs}";
