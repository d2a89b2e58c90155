/** The right to run some commands with some keys and channels: none of the parts is of use without the others. */
export interface Grant {
  /** Its purpose. */
  readonly for: string;
  /** Commands as `ACL SETUSER` names them, in lower case: `hget`, `xgroup|create`. */
  readonly commands: readonly string[];
  /** Patterns of keys that it may read and write. */
  readonly keys?: readonly string[];
  /** Patterns of keys that it may only read. */
  readonly reads?: readonly string[];
  /** Patterns of keys that it may only write. */
  readonly writes?: readonly string[];
  /** Patterns of sharded pub/sub channels. */
  readonly channels?: readonly string[];
}

/** A user of Redis. */
export interface RedisUser {
  readonly name: string;
  /** The processes that connect as this user. */
  readonly who: string;
  readonly grants: readonly Grant[];
}

/** A grant in the language of Redis's ACLs. */
export function rulesOf({ commands, keys = [], reads = [], writes = [], channels = [] }: Grant): string {
  return [
    ...keys.map((pattern) => `~${pattern}`),
    ...reads.map((pattern) => `%R~${pattern}`),
    ...writes.map((pattern) => `%W~${pattern}`),
    ...channels.map((pattern) => `&${pattern}`),
    ...commands.map((command) => `+${command}`),
  ].join(" ");
}
