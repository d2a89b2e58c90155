import type { DialectName } from "@switchyard/protocol";
import { JOBS_PREFIX, keys } from "../keys.ts";

const any = "*";
const dialect = any as DialectName;
/** All keys of one kind of aggregate. */
const allOf = (kind: string) => `sy:{${kind}:${any}`;

/** The state of sessions, rooms, queues, presence, users and nodes. */
export const stateKeys = [...["session", "room", "queue", "presence", "user", "node"].map(allOf), keys.leases()];
export const moderationKeys = ["sy:{moderation}:*"];
export const assignmentKeys = [keys.queueAssignments(any)];
export const limitKeys = [allOf("limit"), allOf("address")];
export const accountKeys = [allOf("account")];
/** Accounts without the hashes of their passwords. */
export const accountStateKeys = [keys.accountState(any), "sy:{accounts}:*"];
export const accountChannels = [keys.accountVoids()];
export const secretKeys = [allOf("secret")];
export const jobKeys = [`${JOBS_PREFIX}:${any}`];
export const everyKey = [`sy:${any}`];
/** All but the hashes of passwords, and the secret that signs tokens. */
export const openKeys = [...stateKeys, ...accountStateKeys, ...moderationKeys, ...limitKeys, ...jobKeys];

/** The channels on which events for participants, and changes of queues, are published. */
export const stateChannels = [
  keys.outbox(any),
  keys.queueChanges(any),
  keys.feed(dialect),
  keys.lobby(dialect),
] as const;
export const moderationChannels = [keys.banChanges()];
export const nodeChannels = [keys.nodeProbe(any), keys.nodeControl(any)];

/** Socket.IO's own channels: packets for clients, requests to nodes, and their responses. */
export const emitChannels = ["socket.io#*", "socket.io-request#*", "socket.io-response#*"];
