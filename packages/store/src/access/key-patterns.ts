import type { DialectName } from "@switchyard/protocol";
import { JOBS_PREFIX, keys } from "../keys.ts";

const any = "*";
const dialect = any as DialectName;
/** All keys of one kind of aggregate. */
const allOf = (kind: string) => `sy:{${kind}:${any}`;

/** What people are in, and the nodes that they are at. */
export const stateKeys = [...["session", "room", "queue", "presence", "user", "node"].map(allOf), keys.leases()];
export const assignmentKeys = [keys.queueAssignments(any)];
export const limitKeys = [allOf("limit"), allOf("address")];
export const accountKeys = [allOf("account")];
export const secretKeys = [allOf("secret")];
export const jobKeys = [`${JOBS_PREFIX}:${any}`];
export const everyKey = [`sy:${any}`];

/** Where participants are told something, and matchmakers of tickets. */
export const stateChannels = [
  keys.outbox(any),
  keys.queueChanges(any),
  keys.feed(dialect),
  keys.lobby(dialect),
] as const;
export const nodeChannels = [keys.nodeProbe(any), keys.nodeControl(any)];
