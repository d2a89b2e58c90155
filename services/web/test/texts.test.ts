import { expect, test } from "vitest";
import { parseInterests, preferencesOf } from "../src/dialects/random/preferences.ts";
import { initialState } from "../src/dialects/random/state.ts";
import { statusText, waitText } from "../src/dialects/random/status-text.ts";
import { errorText } from "../src/shared/error-text.ts";
import { findByName } from "../src/shared/find-names.ts";
import { sessionName, sessionUserId, shortId } from "../src/shared/identity.ts";

test("interests are trimmed, in lower case, each once, at most ten", () => {
  expect(parseInterests(" Music,  old   Trains ,,music, ")).toEqual(["music", "old trains"]);
  const many = Array.from({ length: 12 }, (_, index) => `i${index}`).join();
  expect(preferencesOf(many, "en")).toEqual({ interests: many.split(",").slice(0, 10), language: "en" });
  expect(preferencesOf(" , ", "")).toEqual({});
});

test("the wait is told as far as it is known", () => {
  expect(waitText(null, null)).toBeNull();
  expect(waitText(1, 4200)).toBe("You are next in line, about 4 s");
  expect(waitText(3, null)).toBe("You are number 3 in line");
  expect(waitText(null, 180_000)).toBe("A wait of about 3 min");
});

test("a lost connection is what matters most", () => {
  const state = initialState("me");
  expect(statusText({ ...state, link: { ...state.link, state: "reconnecting" } })).toBe("Reconnecting…");
});

test("errors are sentences, with the time to wait, and unknown ones in the server's words", () => {
  expect(errorText("rate_limited", "slow down", 1500)).toBe("That was too much at once. Try again in 2 s.");
  expect(errorText("something_new", "Not today.")).toBe("Not today.");
});

test("a tab keeps its user id, a version 4 UUID, and has one where storage is forbidden", () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: kept.set.bind(kept) };
  const id = sessionUserId(storage);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(sessionUserId(storage)).toBe(id);
  const forbidden = () => {
    throw new Error("forbidden");
  };
  expect(sessionUserId({ getItem: forbidden, setItem: forbidden })).toMatch(/^[0-9a-f-]{36}$/);
});

test("a tab keeps the name it was given, readable and not the user id", () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: kept.set.bind(kept) };
  const name = sessionName(storage);
  expect(name).toMatch(/^guest-[0-9a-f]{4}$/);
  expect([sessionName(storage), sessionUserId(storage) === name]).toEqual([name, false]);
  expect(shortId()).toMatch(/^[0-9a-f]{8}$/);
});

test("people are found by a part of their names, in order", () => {
  const find = (part: string) => findByName(["Zoe", "ann", "Änne", "Joanna"], (name) => name, part);
  expect(find("")).toEqual(["ann", "Änne", "Joanna", "Zoe"]);
  expect(find(" AN ")).toEqual(["ann", "Joanna"]);
  expect(find("x")).toEqual([]);
});
