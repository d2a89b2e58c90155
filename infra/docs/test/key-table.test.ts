import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type KeyDescription, keyTable } from "@switchyard/store/key-table";
import { describe, expect, test } from "vitest";
import { filesLike, root } from "../src/repository.ts";

type KeyName = keyof typeof keyTable;

/** What scripts call their keys; `meta` is of the aggregate whose other keys stand beside it. */
const localNames: Readonly<Record<string, KeyName>> = {
  session: "session",
  outbox: "outbox",
  peers: "roomPeers",
  chat: "roomChat",
  users: "roomUsers",
  gone: "roomGone",
  waiting: "queueWaiting",
  tickets: "queueTickets",
  stamps: "queueStamps",
  changes: "queueChanges",
  assignments: "queueAssignments",
  leader: "queueLeader",
  sessions: "presenceSessions",
  people: "presencePeople",
  arrivals: "presenceArrivals",
  holders: "presenceHolders",
  feed: "feed",
  user: "user",
  met: "userMet",
  meeting: "userMeeting",
  account: "account",
  state: "accountState",
  voids: "accountVoids",
  draft: "feedDraft",
  leases: "leases",
  info: "nodeInfo",
  index: "nodeSessions",
  rooms: "presenceRooms",
  blocked: "userBlocked",
  blockOrder: "userBlockOrder",
  banned: "queueBanned",
  bans: "bans",
  ends: "banEnds",
  audit: "audit",
  banChanges: "banChanges",
  reports: "reports",
  removals: "removals",
  removedEntries: "feedRemoved",
  reportTimes: "reportTimes",
  openReports: "openReports",
  reporter: "reporter",
  userQuota: "reportQuota",
  networkQuota: "reportQuota",
  notice: "notice",
  openNotices: "openNotices",
  feedNotice: "feedNotice",
};
const metaBeside: readonly (readonly [beside: KeyName, meta: KeyName])[] = [
  ["roomPeers", "roomMeta"],
  ["queueStamps", "queueMeta"],
  ["queueBanned", "queueMeta"],
  ["presenceSessions", "presenceMeta"],
  ["feedRemoved", "presenceMeta"],
  ["presenceArrivals", "presenceMeta"],
  ["feedDraft", "presenceMeta"],
  ["feedNotice", "presenceMeta"],
  ["bans", "banMeta"],
];
const readingCommands = new Set(
  ["GET", "PTTL", "HGET", "HMGET", "HGETALL", "HKEYS", "HLEN", "HEXISTS", "EXISTS"].concat(
    [
      "XRANGE",
      "XREVRANGE",
      "XINFO",
      "ZSCORE",
      "ZMSCORE",
      "ZRANK",
      "ZCARD",
      "ZRANGE",
      "ZREVRANGE",
      "HRANDFIELD",
      "SCARD",
      "SMEMBERS",
    ], // nothing else only reads
  ),
);
const fieldCommands = /'(?:HSET|HMGET|HGET|HDEL|HINCRBY|HEXISTS)', (\w+),\s*([^()]*)/g;

interface Script {
  readonly name: string;
  /** Its code, with what it calls of the prelude in full. */
  readonly text: string;
  /** Its keys, by the names that it gives them. */
  readonly keys: ReadonlyMap<string, KeyName>;
}

const prelude = codeOf("packages/store/lua/prelude.lua");
const constants = new Map([...prelude.matchAll(/^local ([A-Z_]+) = ('.*')$/gm)].map(([, name, text]) => [name, text]));
const functions = [...prelude.matchAll(/^local function (\w+)\((.*)\)\n([\s\S]*?)^end/gm)];
const scripts = filesLike("packages/store/lua/*/*.lua").map((path): Script => {
  const code = codeOf(path);
  const name = path.replace(/^packages\/store\/lua\/(.*)\.lua$/, "$1");
  return { name, text: withPrelude(code), keys: keysOf(code) };
});

describe.for(Object.entries<KeyDescription>(keyTable))("%s", ([name, { scripts: named, fields }]) => {
  test("names the scripts that write it, and no others", () => {
    const writers = scripts.filter((script) => writtenBy(script).has(name as KeyName)).map((script) => script.name);
    expect(named.toSorted()).toEqual(writers.toSorted());
  });

  test("names every field that scripts name", () => {
    const known = Object.keys(fields ?? {}).map((field) => field.replace(/<.*>$/, ""));
    const used = scripts.flatMap((script) => fieldsNamedBy(script, name as KeyName));
    expect(used.filter((field) => !known.includes(field))).toEqual([]);
  });
});

test("scripts append to outboxes and feeds by the prelude, and that is seen here", () => {
  const [deliver] = scripts.filter(({ name }) => name === "outbox/deliver-event-2");
  expect(deliver && [...writtenBy(deliver)].toSorted()).toEqual(["outbox", "session"]);
  expect(new Set(deliver && fieldsNamedBy(deliver, "session"))).toEqual(
    new Set(["state", "r:", "f:", "w:", "number", "bytes"]),
  );
});

function codeOf(path: string): string {
  return readFileSync(join(root, path), "utf8").replace(/ *--.*$/gm, "");
}

/** The bodies of the functions that code calls, with its own arguments, and of those that these call, which are defined before them. */
function bodiesCalledBy(code: string, definitions = functions): string[] {
  return definitions.flatMap(([, name, parameters = "", body = ""], at) =>
    [...code.matchAll(new RegExp(`\\b${name}\\(([\\w, ]*)`, "g"))].flatMap(([, args = ""]) => {
      const given = args.split(", ");
      const byParameter = new Map(parameters.split(", ").map((parameter, i) => [parameter, given[i] ?? parameter]));
      const called = body.replace(/\w+/g, (word) => byParameter.get(word) ?? word);
      return [called, ...bodiesCalledBy(called, definitions.slice(0, at))];
    }),
  );
}

/** The same with its constants spelled out, and behind it the functions that it calls. */
function withPrelude(code: string): string {
  const bodies = bodiesCalledBy(code);
  const fields = [...code.matchAll(/^local (\w+) = ([A-Z_]+) \.\. .*$/gm)];
  const known = new Map([...constants, ...fields.map(([, name, prefix]) => [name, constants.get(prefix)] as const)]);
  return [code, ...bodies].join("\n").replace(/\w+/g, (word) => known.get(word) ?? word);
}

/** The keys that a script's first line names, in order. */
function keysOf(code: string): Map<string, KeyName> {
  const names = /^local (.*) = unpack\(KEYS\)$/m.exec(code)?.[1]?.split(", ") ?? [];
  const plain = names.map((name) => localNames[name]);
  const meta = metaBeside.find(([beside]) => plain.includes(beside))?.[1];
  return new Map(
    names.map((name, index) => {
      const key = plain[index] ?? (name === "meta" ? meta : undefined);
      if (key === undefined) throw new Error(`which key is "${name}" among "${names.join(", ")}"?`);
      return [name, key];
    }),
  );
}

function writtenBy({ name, text, keys }: Script): Set<KeyName> {
  const written = new Set<KeyName>();
  for (const [, command = "", rest = ""] of text.matchAll(/redis\.call\('(\w+)', ([^)]*)/g)) {
    if (readingCommands.has(command)) continue;
    const targets = rest.split(", ").slice(0, command === "DEL" ? undefined : 1);
    for (const target of targets) {
      const key = keys.get(target);
      if (key === undefined) throw new Error(`${name} writes "${target}", which is none of its keys`);
      written.add(key);
    }
  }
  return written;
}

/** Field names, or their beginnings, that a script spells out for a key. */
function fieldsNamedBy({ text, keys }: Script, key: KeyName): string[] {
  return [...text.matchAll(fieldCommands)].flatMap(([call, target = "", args = ""]) => {
    if (keys.get(target) !== key) return [];
    const list = args.split(/,\s*/);
    const fields = call.startsWith("'HSET'") ? list.filter((_, at) => at % 2 === 0) : list;
    return fields.flatMap((field) => /^'([^']+)'/.exec(field)?.[1] ?? []);
  });
}
