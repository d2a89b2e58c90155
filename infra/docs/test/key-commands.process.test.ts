import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { type KeyDescription, keyTable } from "@switchyard/store/key-table";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { commands } from "../../sy/src/commands.ts";
import { keysPage } from "../src/keys-page.ts";

const run = promisify(execFile);
const page = keysPage();

/** What an operator puts in the place of `<…>`. */
const unique = crypto.randomUUID();
const filledIn = (text: string) =>
  text.replaceAll(/<([^<>]*)>/g, (_, name: string) => `${name.replaceAll(" ", "-")}-${unique}`);

/** The user of Redis who may look at almost everything and change nothing. The tests' Redis has it, with this password. */
const observerUrl = () => inject("redisUrl").replace("redis://", "redis://observer:password-of-observer@");
/** Kinds of keys that only the administrator may read: the tests' own user here. */
const isClosed = (line: string) => /'sy:\{(account|secret):/.test(line);

/** A line of the page in an operator's shell, where `rc` is what the page says. */
const inShell = (line: string) => [
  "-c",
  `rc() { redis-cli --no-auth-warning -u '${isClosed(line) ? inject("redisUrl") : observerUrl()}' "$@"; }\n${filledIn(line)}`,
];
/** A command of the test's own, which may do everything. */
const rc = async (line: string) => {
  const { stdout } = await run("sh", ["-c", `redis-cli -u '${inject("redisUrl")}' ${filledIn(line)}`]);
  return stdout.trimEnd();
};

interface Documented extends KeyDescription {
  readonly name: string;
  readonly key: string;
  readonly line: string;
}

const sections = [...page.matchAll(/^### `(.*)`$[\s\S]*?^- \*\*Read it:\*\* `(rc .*?)`/gm)];
const documented = Object.entries<KeyDescription>(keyTable).map(([name, described], index): Documented => {
  const [, key = "", line = ""] = sections[index] ?? [];
  return { ...described, name, key, line };
});
const kept = documented.filter(({ type }) => type !== "channel");
const channels = documented.filter(({ type }) => type.endsWith("channel"));

/** Commands that make such a key: with all fields that are described, and `found` as a value in it. */
function making({ type, fields, read }: Documented): string {
  const names = Object.keys(fields ?? {}).map((field) => `'${field.replaceAll("'", "")}'`);
  const asked = read.startsWith("HGET ") ? ["'<session>'"] : [];
  const pairs = [...new Set([...names, ...asked])].map((name) => `${name} found`).join(" ") || "field found";
  if (type === "hash") return `HSET KEY ${pairs}`;
  if (type.startsWith("stream")) return `XADD KEY '*' ${pairs}`;
  if (type === "sorted set") return "ZADD KEY 1 found";
  return type === "set" ? "SADD KEY found" : "SET KEY found";
}

test("every kind of key has a section with a command, in the table's order", () => {
  expect(sections).toHaveLength(documented.length);
  for (const { key, line } of documented) expect(line).toContain(`'${key}'`);
});

test.for(kept)("$line works when pasted", async (entry) => {
  const { key, line } = entry;
  const alreadyThere = filledIn(key) === key; // keys without an id are shared with other tests: those are only read
  if (!alreadyThere) {
    onTestFinished(async () => void (await rc(`DEL '${key}'`)));
    await rc(making(entry).replace("KEY", `'${key}'`));
  }
  const { stdout, stderr } = await run("sh", inShell(line));
  expect(stderr).toBe("");
  expect(stdout).not.toMatch(/^(ERR|WRONGTYPE|NOPERM)/);
  const counts = /^rc (\wLEN|\wCARD|STRLEN)/.test(line);
  if (!alreadyThere) expect(stdout).toMatch(counts ? /^[1-9]\d*\n$/ : /^found$/m);
});

test.for(channels)("$name: its channel can be listened to", async ({ key, type, line }) => {
  const listening = type === "channel" ? line : `rc SSUBSCRIBE '${key}'`;
  const child = spawn("sh", [
    "-c",
    `exec ${filledIn(listening).replace(/^rc/, `redis-cli --no-auth-warning -u '${observerUrl()}'`)}`,
  ]);
  onTestFinished(() => void child.kill());
  const heard: string[] = [];
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    heard.push(chunk as string);
    if (heard.join("").includes("found")) break;
    if (heard.join("").includes("ssubscribe")) await rc(`SPUBLISH '${key}' found`);
  }
  expect(heard.join("")).toMatch(/smessage[\s\S]*found/);
});

describe("the commands to begin with", () => {
  const block = /At three in the morning:\n\n```sh\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  test.for(block.trim().split("\n"))("%s", async (line) => {
    const { stdout, stderr } = await run("sh", inShell(line));
    expect(stderr).toBe("");
    expect(stdout).not.toMatch(/^(ERR|WRONGTYPE|NOPERM)/);
  });
});

test("a command of sy that is named beside a key is there, with its options", () => {
  const named = documented.flatMap(({ sy }) => sy ?? []);
  expect(named.length).toBeGreaterThan(5);
  for (const line of named) {
    const [, name, ...words] = line.split(" ");
    const command = commands.find((candidate) => candidate.name === name);
    expect(command, line).toBeDefined();
    const options = words.filter((word) => word.startsWith("--")).map((word) => word.slice(2));
    expect(Object.keys(command?.options ?? {}), line).toEqual(expect.arrayContaining(options));
  }
});
