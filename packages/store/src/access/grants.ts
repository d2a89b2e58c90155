import { globSync, readFileSync } from "node:fs";
import { keyTable } from "../key-table.ts";
import type { Grant } from "./grant.ts";
import * as patterns from "./key-patterns.ts";

const directory = new URL("../../lua/", import.meta.url);

/**
 * Every command that a script of `lua/` calls: a user that runs scripts needs them, since scripts have their caller's
 * rights.
 */
function scriptCommands(): string[] {
  const sources = globSync("**/*.lua", { cwd: directory }).map((file) =>
    readFileSync(new URL(file, directory), "utf8"),
  );
  const calls = sources.flatMap((source) => [...source.matchAll(/redis\.p?call\(\s*(?:'(\w+)'|(\S+))/g)]);
  const unclear = calls.find(([, command]) => command === undefined);
  if (unclear) throw new Error(`a script calls a command that its text does not name: ${unclear[0]}`);
  return [...new Set(calls.map(([, command = ""]) => command.toLowerCase()))];
}

const scripts = ["evalsha", "eval"];
const words = (text: string) => text.split(" ");
const sorted = (...commands: readonly string[]) => [...new Set(commands)].sort();

/** The commands of every service: those of its scripts and its own. */
export const state: Grant = {
  for: "sessions, rooms, queues, presence and nodes, by scripts (which have their caller's rights) and directly",
  commands: sorted(
    ...scripts,
    ...scriptCommands(),
    ...words("del exists get hdel hget hgetall hincrby hkeys hlen hmget hrandfield hscan hset"),
    ...words("hsetnx sadd scard smembers spublish srandmember srem sscan ssubscribe sunsubscribe"),
    ...words("xlen xrange xrevrange xtrim"),
    ...words("zadd zcard zcount zmscore zrange zrangebyscore zrank zrem zscore"),
  ),
  keys: patterns.stateKeys,
  channels: patterns.stateChannels,
};

export const connection: Grant = {
  for: "to connect, to load scripts, to read the server's version and clock, and to find the masters of a cluster",
  commands: sorted(
    ...words("client|setname info ping time script|load multi exec"),
    ...words("asking cluster|info cluster|slots readonly readwrite"),
  ),
};

export const nodeChannels: Grant = {
  for: "operators' orders to nodes, and a node's check that its own messages arrive",
  commands: sorted("spublish", "ssubscribe", "sunsubscribe"),
  channels: patterns.nodeChannels,
};

export const emits: Grant = {
  for: "Socket.IO's Redis adapter, with `SOCKET_IO_EMITS=on`",
  commands: sorted(...words("psubscribe publish pubsub|numsub subscribe")),
  channels: patterns.emitChannels,
};

export const emitting: Grant = {
  for: "to send to clients by Socket.IO's emitter, best effort",
  commands: ["ping", "publish"],
  channels: patterns.emitChannels.slice(0, 1),
};

export const moderation: Grant = {
  for: "bans, reports, removals and the audit log, by scripts and directly",
  commands: sorted(
    ...scripts,
    ...words("hget hgetall hset hdel zadd zrem zrange xadd xrevrange xtrim"),
    ...words("exists get hexists hincrby hmget hsetnx hvals incr pexpire pttl zcount zrevrange zrevrank zscore"),
    ...words("spublish ssubscribe sunsubscribe"),
  ),
  keys: patterns.moderationKeys,
  channels: patterns.moderationChannels,
};

export const limits: Grant = {
  for: "limits: rate-limiter-flexible's counts, and connections by address",
  commands: sorted(...scripts, "del", "expire", "get", "incrby", "pttl", "set", "hdel", "hgetall", "hset", "pexpire"),
  keys: patterns.limitKeys,
};

export const accounts: Grant = {
  for: "accounts with the hashes of their passwords",
  commands: sorted(...scripts, ...words("del exists hdel hget hgetall hset hsetnx")),
  keys: patterns.accountKeys,
};

export const accountState: Grant = {
  for: "accounts without their passwords: whether tokens are valid, the list of names, what is to be finished",
  commands: sorted(
    ...scripts,
    ...words("del exists hdel hget hgetall hset hsetnx"),
    ...words("zadd zcard zrangebyscore zrem zrevrange xadd xrange xrevrange pexpire"),
    ...words("spublish ssubscribe sunsubscribe"),
  ),
  keys: patterns.accountStateKeys,
  channels: patterns.accountChannels,
};

export const accountChanges: Grant = {
  for: "to set the hash of a password and to remove an account, by scripts, which may not read it here",
  commands: sorted(...scripts, "del", "hset"),
  keys: patterns.accountKeys,
};

export const countRemoval: Grant = {
  for: "to forget what was counted by the name of a removed account",
  commands: ["del"],
  writes: patterns.limitKeys,
};

export const secrets: Grant = {
  for: "the secret that nodes share if no `JWT_SECRET` is set",
  commands: ["set"],
  keys: patterns.secretKeys,
};

export const assignments: Grant = {
  for: "to take assignments, and to take them over from other matchmakers",
  commands: sorted("xautoclaim", "xgroup|create", "xgroup|delconsumer", "xinfo|consumers", "xreadgroup"),
  keys: patterns.assignmentKeys,
};

/** The commands of BullMQ's scripts for a job scheduler and a worker. */
export const jobs: Grant = {
  for: "BullMQ's job scheduler and its worker",
  commands: sorted(
    ...scripts,
    "bzpopmin",
    ...words("del exists get incr pexpire pttl set"),
    ...words("hdel hexists hget hgetall hincrby hmget hmset hset"),
    ...words("llen lpush lrange lrem ltrim rpoplpush rpush"),
    ...words("sadd scard smembers srem xadd xtrim"),
    ...words("zadd zcard zpopmin zrange zrangebyscore zrem zremrangebyrank zremrangebyscore"),
    ...words("zrevrange zrevrangebyscore zscore"),
  ),
  keys: patterns.jobKeys,
};

/** The commands by which `docs/keys.md` shows a key's value. */
const looks = Object.values(keyTable).map(({ read }) => read.slice(0, read.indexOf(" ")).toLowerCase());

export const inspection: Grant = {
  for: "to read keys, BullMQ's included, without changing any: all but passwords and secrets",
  commands: sorted(
    ...looks.filter((command) => !["ssubscribe", "spublish"].includes(command)),
    ...words("exists hexists hkeys hmget hrandfield hscan scan sismember smembers srandmember xinfo|consumers xlen"),
    ...words("zcard zcount zmscore zrangebyscore zrank zrevrange zrevrank zscan zscore"),
  ),
  reads: patterns.openKeys,
};

export const measures: Grant = {
  for: "to see of every key whether it is there, its type, size and lifetime, and not what it holds",
  commands: sorted(...words("exists memory|usage pttl type")),
  reads: patterns.everyKey,
};

export const watching: Grant = {
  for: "to listen to what is published",
  commands: sorted("ssubscribe", "sunsubscribe"),
  channels: [
    ...patterns.stateChannels,
    ...patterns.nodeChannels,
    ...patterns.moderationChannels,
    ...patterns.accountChannels,
  ],
};

export const sharedSecret: Grant = {
  for: "to sign a token (`sy token`) with the secret that nodes share if no `JWT_SECRET` is set",
  commands: ["get"],
  reads: patterns.secretKeys,
};

export const aclLog: Grant = {
  for: "to see refused commands: `ACL LOG`",
  commands: ["acl|log"],
};
