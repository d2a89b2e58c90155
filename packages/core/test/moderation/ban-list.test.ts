import type { Ban } from "@switchyard/store";
import { expect, test } from "vitest";
import { BanList, type BanSubject, isOn, networkSubject, userSubject } from "../../src/moderation/ban-list.ts";
import { networkOf, readNetwork } from "../../src/network.ts";

const NOW = 1000;
const banOf = (subject: string, more: Partial<Ban> = {}): Ban => ({
  id: crypto.randomUUID(),
  effect: "ban",
  kind: "user",
  whom: "?",
  subject,
  reason: "spam",
  by: "max",
  at: 1,
  ...more,
});
const ann: BanSubject = { dialect: "random", users: ["ann", undefined], network: networkOf("203.0.113.7") };
const network = (text: string) => networkSubject(readNetwork(text)?.bits ?? "");

/** Whether a list with that ban alone, and the ban itself, agree that it is on Ann. */
function isFound(ban: Ban, who = ann): boolean {
  const list = new BanList();
  list.put(ban);
  const found = list.find(who, NOW, "ban") === ban;
  expect(isOn(ban, who)).toBe(found);
  return found;
}

test.each([
  ["her", banOf(userSubject("ann")), true],
  ["her, in her dialect", banOf(userSubject("ann"), { dialect: "random" }), true],
  ["her, in another dialect", banOf(userSubject("ann"), { dialect: "chat" }), false],
  ["somebody else", banOf(userSubject("an")), false],
  ["her address", banOf(network("203.0.113.7")), true],
  ["her network", banOf(network("203.0.0.0/16")), true],
  ["the network beside", banOf(network("203.0.112.0/24")), false],
  ["a user who is called like a network", banOf(`user:${network("203.0.113.7")}`), false],
])("a ban on %s: %j is on her: %s", (_, ban, isOnHer) => {
  expect(isFound(ban)).toBe(isOnHer);
});

test("the user of a token counts beside that of the session", () => {
  expect(isFound(banOf(userSubject("bob")), { ...ann, users: ["ann", "bob"] })).toBe(true);
});

test("before the dialect is known only bans of all dialects count", () => {
  const early: BanSubject = { ...ann, dialect: "" };
  expect(isFound(banOf(userSubject("ann"), { dialect: "random" }), early)).toBe(false);
  expect(isFound(banOf(userSubject("ann")), early)).toBe(true);
});

test("a ban that is over is none, and one behind it counts", () => {
  const list = new BanList();
  list.put(banOf(userSubject("ann"), { until: NOW }));
  expect(list.find(ann, NOW, "ban")).toBeUndefined();
  const other = banOf(network("203.0.113.0/24"), { until: NOW + 1 });
  list.put(other);
  expect(list.find(ann, NOW, "ban")).toBe(other);
});

test("another list takes the place of the first, and says what is new in it", () => {
  const list = new BanList();
  const [kept, gone] = [banOf(userSubject("ann")), banOf(userSubject("bob"))];
  for (const ban of [kept, gone]) list.put(ban);
  const changed = { ...kept, reason: "worse" };
  const fresh = banOf(userSubject("eve"));
  expect(list.replace([{ ...kept }, fresh])).toEqual([fresh]);
  expect(list.replace([changed, fresh])).toEqual([changed]);
  expect(list.find({ ...ann, users: ["bob"] }, NOW, "ban")).toBeUndefined();
  list.drop(fresh.id);
  expect(list.size).toBe(1);
});

test("a mute keeps nobody out, and a ban mutes nobody", () => {
  const list = new BanList();
  const [out, mute] = [banOf(userSubject("bob")), banOf(userSubject("ann"), { effect: "mute" })];
  for (const ban of [out, mute]) list.put(ban);
  expect(list.find(ann, NOW, "ban")).toBeUndefined();
  expect(list.find(ann, NOW, "mute")).toBe(mute);
  expect(list.find({ ...ann, users: ["bob"] }, NOW, "mute")).toBeUndefined();
});

test("networks of one length come and go without each other", () => {
  const list = new BanList();
  const [one, other] = [banOf(network("203.0.113.0/24")), banOf(network("198.51.100.0/24"))];
  for (const ban of [one, other, one]) list.put(ban);
  list.drop(other.id);
  expect(list.find(ann, NOW, "ban")).toBe(one);
  list.drop(one.id);
  list.drop(one.id);
  expect(list.find(ann, NOW, "ban")).toBeUndefined();
  list.put(one);
  expect(list.find(ann, NOW, "ban")).toBe(one);
});
