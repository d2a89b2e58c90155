import type { DialectName, NodeId, RoomId, SessionId, UserId } from "@switchyard/protocol";

/**
 * Every key there is. One aggregate has one hash tag, so it lives in one slot and one script decides for all of it.
 * Ids that clients choose are percent-encoded, so that none can break out of its tag.
 */
const encoded = encodeURIComponent;
/** `<dialect>:<name that clients gave>`, or the id of a pair. */
const room = (id: RoomId) => encoded(id).replace("%3A", ":");

export const keys = {
  session: (id: SessionId) => `sy:{session:${id}}`,
  outbox: (id: SessionId) => `sy:{session:${id}}:out`,
  roomMeta: (id: RoomId) => `sy:{room:${room(id)}}:meta`,
  roomPeers: (id: RoomId) => `sy:{room:${room(id)}}:peers`,
  roomUsers: (id: RoomId) => `sy:{room:${room(id)}}:users`,
  roomGone: (id: RoomId) => `sy:{room:${room(id)}}:gone`,
  roomChat: (id: RoomId) => `sy:{room:${room(id)}}:chat`,
  queueWaiting: (queue: string) => `sy:{queue:${queue}}:waiting`,
  queueTickets: (queue: string) => `sy:{queue:${queue}}:tickets`,
  queueStamps: (queue: string) => `sy:{queue:${queue}}:stamps`,
  queueMeta: (queue: string) => `sy:{queue:${queue}}:meta`,
  queueChanges: (queue: string) => `sy:{queue:${queue}}:changes`,
  queueAssignments: (queue: string) => `sy:{queue:${queue}}:assignments`,
  queueBanned: (queue: string) => `sy:{queue:${queue}}:banned`,
  queueLeader: (queue: string) => `sy:{queue:${queue}}:leader`,
  presenceSessions: (dialect: DialectName) => `sy:{presence:${dialect}}:sessions`,
  presenceMeta: (dialect: DialectName) => `sy:{presence:${dialect}}:meta`,
  presenceRooms: (dialect: DialectName) => `sy:{presence:${dialect}}:rooms`,
  presencePeople: (dialect: DialectName) => `sy:{presence:${dialect}}:people`,
  presenceArrivals: (dialect: DialectName) => `sy:{presence:${dialect}}:arrivals`,
  presenceHolders: (dialect: DialectName) => `sy:{presence:${dialect}}:holders`,
  feed: (dialect: DialectName) => `sy:{presence:${dialect}}:feed`,
  feedRemoved: (dialect: DialectName) => `sy:{presence:${dialect}}:removed`,
  feedDraft: (dialect: DialectName, draft: string) => `sy:{presence:${dialect}}:draft:${draft}`,
  feedNotice: (dialect: DialectName, id: string) => `sy:{presence:${dialect}}:notice:${encoded(id)}`,
  lobby: (dialect: DialectName) => `sy:{presence:${dialect}}:lobby`,
  counters: (dialect: DialectName) => `sy:{presence:${dialect}}:counters`,
  user: (dialect: DialectName, user: UserId) => `sy:{user:${dialect}:${encoded(user)}}`,
  userMet: (dialect: DialectName, user: UserId) => `sy:{user:${dialect}:${encoded(user)}}:met`,
  userMeeting: (dialect: DialectName, one: UserId, other: UserId) =>
    `sy:{user:${dialect}:${[one, other].map(encoded).sort().join(":")}}:meeting`,
  userBlocked: (dialect: DialectName, user: UserId) => `sy:{user:${dialect}:${encoded(user)}}:blocked`,
  userBlockOrder: (dialect: DialectName, user: UserId) => `sy:{user:${dialect}:${encoded(user)}}:blockOrder`,
  limitOfUser: (limit: string, dialect: DialectName, user: UserId) => `sy:{limit:${limit}:${dialect}:${encoded(user)}}`,
  limitOf: (limit: string, subject: string) => `sy:{limit:${limit}:${encoded(subject)}}`,
  addressConnections: (address: string) => `sy:{address:${encoded(address)}}:connections`,
  leases: () => "sy:{nodes}:leases",
  nodeInfo: (node: NodeId) => `sy:{node:${node}}:info`,
  nodeSessions: (node: NodeId) => `sy:{node:${node}}:sessions`,
  account: (name: string) => `sy:{account:${encoded(name.toLowerCase())}}`,
  accountState: (name: string) => `sy:{account:${encoded(name.toLowerCase())}}:state`,
  accountNames: () => "sy:{accounts}:names",
  accountIntents: () => "sy:{accounts}:intents",
  accountVoids: () => "sy:{accounts}:voids",
  secret: (name: string) => `sy:{secret:${name}}`,
  nodeProbe: (node: NodeId) => `sy:{node:${node}}:probe`,
  bans: () => "sy:{moderation}:bans",
  banEnds: () => "sy:{moderation}:ends",
  banMeta: () => "sy:{moderation}:meta",
  audit: () => "sy:{moderation}:audit",
  banChanges: () => "sy:{moderation}:changes",
  reports: () => "sy:{moderation}:reports",
  reportTimes: () => "sy:{moderation}:report-times",
  openReports: () => "sy:{moderation}:open-reports",
  reporter: (dialect: DialectName, user: UserId) => `sy:{moderation}:reporter:${dialect}:${encoded(user)}`,
  removals: () => "sy:{moderation}:removals",
  reportQuota: (subject: string) => `sy:{moderation}:quota:${encoded(subject)}`,
  notice: (id: string) => `sy:{moderation}:notice:${encoded(id)}`,
  openNotices: () => "sy:{moderation}:open-notices",
  nodeControl: (node: NodeId) => `sy:{node:${node}}:control`,
} as const;

/** The prefix of the keys that BullMQ keeps for the matchmakers' recurring jobs. */
export const JOBS_PREFIX = "sy:{jobs}";
