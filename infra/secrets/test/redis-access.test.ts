import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { provideRedisAccess, type RedisAccessPlaces } from "../src/redis-access.ts";

let directory: string;
let places: RedisAccessPlaces;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-access-"));
  const made = (name: string) => mkdirSync(join(directory, name), { recursive: true }) ?? "";
  places = {
    nodes: made("nodes"),
    matchmakers: made("matchmakers"),
    operators: made("operators"),
    redis: made("redis"),
  };
});
afterEach(() => rmSync(directory, { recursive: true }));

const read = (...path: string[]) => readFileSync(join(directory, ...path), "utf8");
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

test("each is given the passwords that concern it, and Redis what it knows them by", () => {
  const said = provideRedisAccess(places);
  expect(readdirSync(places.nodes).toSorted()).toEqual(["redis_signaling"]);
  expect(readdirSync(places.operators).toSorted()).toEqual(["redis_observer", "redis_operator"]);
  expect(readdirSync(places.matchmakers)).toEqual(["redis_matchmaker"]);
  const passwords = new Map([
    ["signaling", read("nodes", "redis_signaling")],
    ["observer", read("operators", "redis_observer")],
    ["operator", read("operators", "redis_operator")],
    ["matchmaker", read("matchmakers", "redis_matchmaker")],
    ["admin", read("redis", "admin")],
  ]);
  const lines = read("redis", "users.acl").trimEnd().split("\n");
  expect(lines[0]).toMatch(/^user default off /);
  for (const [name, password] of passwords) {
    expect(password.length).toBeGreaterThanOrEqual(48);
    expect(lines.filter((line) => line.startsWith(`user ${name} on #${sha256(password)} `))).toHaveLength(1);
    expect(`${said}${lines.join()}`).not.toContain(password);
  }
  expect(lines).toHaveLength(passwords.size + 1);
  expect(statSync(join(places.nodes, "redis_signaling")).mode & 0o777).toBe(0o400);
});

test("the password that an older version gave the nodes is taken away, and is good for nothing", () => {
  writeFileSync(join(places.nodes, "redis_operator"), "what the nodes knew");
  provideRedisAccess(places);
  expect(readdirSync(places.nodes)).toEqual(["redis_signaling"]);
  expect(read("redis", "users.acl")).not.toContain(sha256("what the nodes knew"));
});

test("at the next start they are the same; one that is gone is made anew", () => {
  provideRedisAccess(places);
  const before = read("redis", "users.acl");
  expect(provideRedisAccess(places)).toContain("made at an earlier start");
  expect(read("redis", "users.acl")).toBe(before);
  rmSync(join(places.matchmakers, "redis_matchmaker"));
  provideRedisAccess(places);
  expect(read("redis", "users.acl")).not.toBe(before);
  expect(read("redis", "users.acl")).toContain(sha256(read("matchmakers", "redis_matchmaker")));
});
