import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type KeyDescription, keyTable } from "@switchyard/store/key-table";
import { describe, expect, test } from "vitest";
import { filesLike, root } from "../src/repository.ts";

type KeyName = keyof typeof keyTable;

/** What scripts call their keys, where that is always the same key. */
const headerNames: Readonly<Record<string, KeyName>> = {
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
  "sessions of the dialect": "presenceSessions",
  people: "presencePeople",
  arrivals: "presenceArrivals",
  holders: "presenceHolders",
  feed: "feed",
  user: "user",
  "partners met": "userMet",
  account: "account",
  leases: "leases",
};
/** Every aggregate but the session calls one of its keys "meta". */
const metaBeside: readonly (readonly [beside: KeyName, meta: KeyName])[] = [
  ["roomPeers", "roomMeta"],
  ["queueStamps", "queueMeta"],
  ["presenceSessions", "presenceMeta"],
  ["presenceArrivals", "presenceMeta"],
];
const readingCommands = new Set(
  ["GET", "HGET", "HMGET", "HGETALL", "HKEYS", "HLEN", "HEXISTS", "EXISTS"].concat(
    ["XRANGE", "XREVRANGE", "XINFO", "ZSCORE", "ZMSCORE", "ZRANK", "ZCARD", "ZRANGE", "ZREVRANGE", "HRANDFIELD"], // nothing else only reads
  ),
);
const fieldCommands = /'(?:HSET|HMGET|HGET|HDEL|HINCRBY|HEXISTS)', KEYS\[(\d)\], ([^()]*)/g;

interface Script {
  readonly name: string;
  readonly text: string;
  readonly keys: readonly KeyName[];
}

const scripts = filesLike("packages/store/lua/*/*.lua").map((path): Script => {
  const text = readFileSync(join(root, path), "utf8");
  return { name: path.replace(/^packages\/store\/lua\/(.*)\.lua$/, "$1"), text, keys: keysOf(text) };
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

/** The keys that a script's header lists, in order. */
function keysOf(text: string): KeyName[] {
  const header = /^-- KEYS: (.*)$/m.exec(text)?.[1] ?? "";
  const names = header
    .split(/ *\b\d+ /)
    .slice(1)
    .map((name) => name.replace(/ \(.*\)$/, "").trim());
  const plain = names.map((name) => headerNames[name]);
  const meta = metaBeside.find(([beside]) => plain.includes(beside))?.[1];
  return names.map((name, index) => {
    const key = plain[index] ?? (name === "meta" ? meta : undefined);
    if (key === undefined) throw new Error(`which key is "${name}" in "${header}"?`);
    return key;
  });
}

function writtenBy({ text, keys }: Script): Set<KeyName | undefined> {
  const written = new Set<KeyName | undefined>();
  for (const [, command = "", rest = ""] of text.matchAll(/redis\.call\('(\w+)', ([^)]*)/g)) {
    const targets = command === "DEL" ? [...rest.matchAll(/KEYS\[(\d)\]/g)] : [/KEYS\[(\d)\]/.exec(rest)];
    if (readingCommands.has(command)) continue;
    for (const target of targets) written.add(keys[Number(target?.[1]) - 1]);
  }
  return written;
}

/** Field names, or their beginnings, that a script spells out for a key. */
function fieldsNamedBy({ text, keys }: Script, key: KeyName): string[] {
  return [...text.matchAll(fieldCommands)].flatMap(([call, index, args = ""]) => {
    if (keys[Number(index) - 1] !== key) return [];
    const list = args.split(/,\s*/);
    const fields = call.startsWith("'HSET'") ? list.filter((_, at) => at % 2 === 0) : list;
    return fields.flatMap((field) => /^'([^']+)'/.exec(field)?.[1] ?? []);
  });
}
