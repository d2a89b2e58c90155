import { globSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { accountFields, sessionFields, userFields } from "../../src/field-prefixes.ts";
import { scriptErrors } from "../../src/redis/script-errors.ts";
import { readScriptText } from "../../src/redis/script-text.ts";

const MAX_LINES = 60;
const MAX_IN_FOLDER = 20;
const folder = new URL("../../lua/", import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder), "utf8");
const withoutComments = (lua: string) => lua.replace(/ *--.*$/gm, "");
const files = globSync("*/*.lua", { cwd: folder }).toSorted();
const prelude = read("prelude.lua");

describe.for(files)("%s", (file) => {
  const lines = read(file).trimEnd().split("\n");
  const isComment = (line: string) => line.startsWith("--");
  const header = lines.filter(isComment).join("\n");
  const [first, ...code] = lines.filter((line) => !isComment(line));
  const sections = [...header.matchAll(/^-- (KEYS|ARGV|Returns|Errors)\b/gm)].map(([, section]) => section);

  test("is checked for undeclared keys, and short", () => {
    expect(first).toMatch(/^#!lua( flags=allow-oom)?$/);
    expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
  });

  test("has a header that describes it, its keys, its arguments, its answers and its errors, in this order", () => {
    expect(header).toMatch(/^-- [A-Z]/);
    expect(header).not.toMatch(/^-- (KEYS|ARGV)/);
    const order = ["KEYS", "ARGV", "Returns", "Errors"].filter((section) => sections.includes(section));
    expect(sections).toEqual(order);
    expect(sections).toEqual(expect.arrayContaining(["KEYS", "Returns"]));
  });

  test("names its keys and arguments first, as its header does, and as many keys as its name says", () => {
    const [keys, args] = [namesIn(header, "KEYS"), namesIn(header, "ARGV")];
    const expected = [`local ${keys.join(", ")} = unpack(KEYS)`];
    if (args.length > 0) expected.push(`local ${args.join(", ")} = unpack(ARGV)`);
    expect(code.slice(0, expected.length)).toEqual(expected);
    expect(code.slice(expected.length).filter((line) => /\bKEYS\b|\bARGV\[\d/.test(line))).toEqual([]);
    expect(keys).toHaveLength(Number(/-(\d+)\.lua$/.exec(file)?.[1]));
  });

  test("returns the errors that its header lists, by the names of the error table", () => {
    const listed = [...header.matchAll(/(?:-- Errors:|·)\s(-\d+) (\w+)/g)].map(([, error, name]) => [
      name,
      Number(error),
    ]);
    const returned = new Set([...code.join("\n").matchAll(/return (-\d+)/g)].map(([, error]) => Number(error)));
    expect(Object.entries(scriptErrors).filter(([, error]) => returned.has(error))).toEqual(listed);
  });
});

test("no folder has more scripts than one can look over, and no two scripts have one name", () => {
  const folders = Object.groupBy(files, dirname);
  expect(Object.keys(folders).filter((name) => (folders[name] ?? []).length > MAX_IN_FOLDER)).toEqual([]);
  expect(new Set(files.map((file) => basename(file))).size).toBe(files.length);
});

describe("the prelude", () => {
  const constants = [...prelude.matchAll(/^local (\w+) = '(\w:)'/gm)].map(([, name = "", prefix]) => [name, prefix]);
  const names = [...prelude.matchAll(/^local (?:function )?(\w+)/gm)].map(([, name = ""]) => name);

  test("has the prefixes of fields that the store has", () => {
    const upper = (name: string) => name.replace(/[A-Z]/g, "_$&").toUpperCase();
    const known = Object.entries({ ...sessionFields, ...userFields, ...accountFields }).map(([name, prefix]) => [
      upper(name),
      prefix,
    ]);
    expect(constants).toEqual(known);
  });

  test("has nothing that no script uses", () => {
    const texts = files.map((file) => withoutComments(read(file)));
    const isUsed = (name: string) => texts.some((text) => new RegExp(`\\b${name}\\b`).test(text));
    const inside = ["UNCONFIRMED_KEEP_FACTOR", "TRIM_EACH", "TRIM_BYTES"]; // used by `append`
    expect(names.filter((name) => !isUsed(name))).toEqual(inside);
  });

  test("is the only place that appends to an outbox or a feed, and the only one with letters for fields", () => {
    const appends = /'XADD', (outbox|feed), (?!entry\b)|'\w:'/; // an entry that is added anew keeps its number
    expect(files.filter((file) => appends.test(withoutComments(read(file))))).toEqual([]);
  });

  test("gives a script what it uses and no more, on the line behind #!lua", () => {
    const text = readScriptText("outbox/deliver-event-2");
    const definedIn = (line: string) => [
      ...line.matchAll(/local (?:function )?([A-Z_]+|passesFence|isOver|append\w*)\b/g),
    ];
    const [first, second = "", ...rest] = text.split("\n");
    expect(first).toBe("#!lua flags=allow-oom");
    const defined = definedIn(second).map(([, name]) => name);
    const prefixes = ["SEAT", "ADMISSION_REVISION", "MEMBER_REVISION", "CALL_LEG", "FENCE"];
    const bounds = ["UNCONFIRMED_KEEP_FACTOR", "TRIM_EACH", "TRIM_BYTES"];
    expect(defined).toEqual([...prefixes, ...bounds, "passesFence", "isOver", "appendAfter"]);
    expect(rest).toEqual(read("outbox/deliver-event-2.lua").split("\n").slice(2));
  });

  test("leaves a script that uses nothing of it as it is", () => {
    expect(readScriptText("session/discard-session-2")).toBe(read("session/discard-session-2.lua"));
  });
});

/** The names that a section of a header numbers, those after them (`6…`) excepted. */
function namesIn(header: string, section: "KEYS" | "ARGV"): string[] {
  const text = new RegExp(`^-- ${section}:((?:.*\\n--  )*.*)`, "m").exec(header)?.[1] ?? "";
  return [...text.matchAll(/(?:^|\s)\d+ (\w+)/g)].map(([, name = ""]) => name);
}
