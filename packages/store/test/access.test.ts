import { globSync, readFileSync } from "node:fs";
import { asUser, startRedis } from "@switchyard/testkit";
import { Redis } from "ioredis";
import { beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import * as grants from "../src/access/grants.ts";
import { type Grant, type RedisUser, type RedisUserName, redisUsers } from "../src/access.ts";
import { keyTable } from "../src/key-table.ts";
import { JOBS_PREFIX, keys } from "../src/keys.ts";

let redis: Redis;
beforeAll(() => {
  redis = new Redis(inject("redisUrl"));
  return () => redis.disconnect();
});

const users = Object.values<RedisUser>(redisUsers);
const names = Object.keys(redisUsers) as RedisUserName[];
const everyGrant: readonly Grant[] = users.flatMap(({ grants }) => grants);
const granted = new Set(everyGrant.flatMap(({ commands }) => commands));

/** Redis's own judgement; the command is not carried out. */
async function isAllowed(user: RedisUserName, ...command: readonly string[]): Promise<boolean> {
  return String(await redis.call("ACL", "DRYRUN", user, ...command)) === "OK";
}

describe("what nobody may do", () => {
  test.each([
    ["FLUSHALL"],
    ["FLUSHDB"],
    ["KEYS", "*"],
    ["CONFIG", "GET", "*"],
    ["CONFIG", "SET", "maxmemory", "1"],
    ["DEBUG", "SLEEP", "1"],
    ["SHUTDOWN"],
    ["ACL", "SETUSER", "someone"],
    ["CLIENT", "KILL", "TYPE", "normal"],
    ["MONITOR"],
    ["REPLICAOF", "NO", "ONE"],
    ["MODULE", "LIST"],
    ["SCRIPT", "FLUSH"],
    ["GET", "another-application"],
    ["SPUBLISH", "another-application", "?"],
    ["EVALSHA", "0", "1", "another-application"],
  ])("%s %s", async (...command) => {
    expect(await Promise.all(names.map((name) => isAllowed(name, ...command)))).toEqual(names.map(() => false));
  });
});

describe("what only some may do", () => {
  test.each<[command: string[], may: RedisUserName[]]>([
    [
      ["EVALSHA", "0", "1", keys.session("s")],
      ["signaling", "matchmaker", "operator"],
    ],
    [["HGETALL", keys.account("ann")], ["signaling"]],
    [["GET", keys.secret("jwt")], ["operator"]],
    [["SET", keys.secret("jwt"), "mine"], ["signaling"]],
    [["EVALSHA", "0", "1", keys.secret("jwt")], []],
    [
      ["HGETALL", keys.session("s")],
      ["signaling", "matchmaker", "observer", "operator"],
    ],
    [
      ["PTTL", keys.account("ann")],
      ["observer", "operator"],
    ],
    [
      ["EVALSHA", "0", "1", keys.account("ann")],
      ["signaling", "matchmaker", "operator"],
    ],
    [["INCRBY", keys.limitOf("login", "ann"), "1"], ["signaling"]],
    [["INCRBY", keys.session("s"), "1"], []],
    [["XREADGROUP", "GROUP", "a", "b", "STREAMS", keys.queueAssignments("chat"), ">"], ["matchmaker"]],
    [["RPOPLPUSH", `${JOBS_PREFIX}:a`, `${JOBS_PREFIX}:b`], ["matchmaker"]],
    [["RPOPLPUSH", keys.session("a"), `${JOBS_PREFIX}:b`], []],
    [
      ["SCAN", "0"],
      ["observer", "operator"],
    ],
    [
      ["SPUBLISH", keys.nodeControl("n"), "?"],
      ["signaling", "operator"],
    ],
    [
      ["DEL", keys.account("ann")],
      ["signaling", "matchmaker", "operator"],
    ],
    [["HGET", keys.account("ann"), "password"], ["signaling"]],
    [
      ["HGET", keys.accountState("ann"), "tokens"],
      ["signaling", "matchmaker", "observer", "operator"],
    ],
    [
      ["GET", keys.limitOf("login-tries", "ann")],
      ["signaling", "observer", "operator"],
    ],
    [
      ["ACL", "LOG"],
      ["observer", "operator"],
    ],
  ])("%j: %j", async (command, may) => {
    const allowed = await Promise.all(names.map((name) => isAllowed(name, ...command)));
    expect(names.filter((_, i) => allowed[i])).toEqual(may);
  });
});

test("a script that matchmakers and operators run can't read the hash of a password", async () => {
  const server = await startRedis(); // the refusals are wanted here, and nowhere else
  onTestFinished(() => server.stop());
  for (const user of ["matchmaker", "operator"] as const) {
    const own = new Redis(asUser(server.url, user));
    onTestFinished(() => own.disconnect());
    for (const [command, ...args] of [["HGET", "password"], ["HGETALL"], ["HVALS"], ["HMGET", "password"]]) {
      const reading = `#!lua\nreturn redis.call('${command}', KEYS[1]${args.map((arg) => `, '${arg}'`).join("")})`;
      await expect(own.eval(reading, 1, keys.account("ann"))).rejects.toThrow(
        /can't (access|run)|NOPERM|No permissions/,
      );
    }
  }
});

test("the observer can change no key that there is, nor send an order", async () => {
  const make = keys as unknown as Record<string, (...ids: readonly string[]) => string>;
  const changes = ["SET KEY 1", "DEL KEY", "HSET KEY a b", "EVALSHA 0 1 KEY", "PEXPIRE KEY 1", "XADD KEY * a b"];
  for (const [name, { ids, type }] of Object.entries(keyTable)) {
    const key = make[name]?.(...ids.map(() => "x")) ?? "";
    const tried = type === "channel" ? ["SPUBLISH KEY ?"] : changes;
    for (const change of tried) {
      const allowed = await isAllowed("observer", ...change.split(" ").map((word) => (word === "KEY" ? key : word)));
      expect([name, change, allowed]).toEqual([name, change, false]);
    }
  }
});

test("every key that there is has a service that may change it, and operators may look at it", async () => {
  const make = keys as unknown as Record<string, (...ids: readonly string[]) => string>;
  for (const [name, { ids, type }] of Object.entries(keyTable)) {
    const key = make[name]?.(...ids.map(() => "x")) ?? "";
    const isChannel = type === "channel";
    const change = isChannel
      ? ["SPUBLISH", key, "?"]
      : name === "secret"
        ? ["SET", key, "?"]
        : ["EVALSHA", "0", "1", key];
    const look = isChannel ? ["SSUBSCRIBE", key] : ["PTTL", key];
    expect([name, await isAllowed("signaling", ...change)]).toEqual([name, true]);
    for (const user of ["observer", "operator"] as const) {
      expect([name, user, await isAllowed(user, ...look)]).toEqual([name, user, true]);
    }
  }
});

/** Those that clients and libraries call, or people: ioredis, rate-limiter-flexible, BullMQ, Socket.IO's adapter, `redis-cli`. */
const byOthers = new Set([
  ...[grants.connection, grants.limits, grants.jobs, grants.aclLog, grants.emits].flatMap(({ commands }) => commands),
  "type",
]);

test("no command is allowed that nobody calls, or that there isn't", async () => {
  const store = new URL("../", import.meta.url);
  const files = globSync("{src,lua}/**/*.{ts,lua}", { cwd: store });
  const text = files.map((file) => readFileSync(new URL(file, store), "utf8")).join("\n");
  const shown = Object.values(keyTable).map(({ read }) => read.slice(0, read.indexOf(" ")).toLowerCase());
  const isCalled = (command: string) => new RegExp(`\\.${command}\\(|call\\('${command}'`, "i").test(text);
  const mains = [...granted].filter((command) => !byOthers.has(command)).map((command) => command.split("|")[0] ?? "");
  expect(mains.filter((command) => !isCalled(command) && !shown.includes(command))).toEqual([]);
  const known = (await redis.call("COMMAND", "LIST")) as string[];
  expect([...granted].filter((command) => !known.includes(command.split("|")[0] ?? ""))).toEqual([]);
});
