import { randomUUID } from "node:crypto";
import { createRoom } from "@switchyard/core";
import { dialects, openContexts } from "@switchyard/dialects";
import { openTestStore, startRedis, type TestStore } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";

const limits = {
  callParticipants: 4,
  roomParticipants: 4,
  roomLingerMs: 0,
  historyLimit: 10,
  messagesKept: 10,
  chatHistoryBytes: 1_048_576,
  retentionMs: 60_000,
  peopleListed: 10,
  reportsPerDay: 100,
  reportsKept: 1000,
  reportRetentionMs: 60_000,
};

let store: TestStore["store"];
beforeAll(async () => {
  const server = await startRedis();
  const opened = await openTestStore(server.url);
  store = opened.store;
  return async () => {
    await opened.close();
    await server.stop();
  };
});

const contextOf = (dialect: "rooms" | "random") => {
  const context = openContexts(dialects, store, limits).get(dialect);
  if (!context) throw new Error(`${dialect} is no dialect`);
  return context;
};

test("a name that a room has already is not taken a second time, however many are created at once", async () => {
  const prefix = randomUUID();
  const made: string[] = [];
  const newName = () => {
    const name = `${prefix} ${Math.floor(made.length / 4)}`; // each name is tried four times
    made.push(name);
    return name;
  };
  const created = await Promise.all(Array.from({ length: 5 }, () => createRoom(contextOf("rooms"), 60_000, newName)));
  expect(new Set(created).size).toBe(5);
  expect(made.length).toBeGreaterThan(5);
});

test("names are eight capital letters and digits, and no two are alike", async () => {
  const names = await Promise.all(Array.from({ length: 100 }, () => createRoom(contextOf("rooms"), 60_000)));
  expect(new Set(names).size).toBe(100);
  for (const name of names) expect(name).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
  const places = Array.from({ length: 8 }, (_, at) => new Set(names.map((name) => name[at])).size);
  expect(Math.min(...places)).toBeGreaterThan(16); // of 32 characters, at every place
});

test("where clients name no rooms none is created", async () => {
  await expect(createRoom(contextOf("random"), 60_000)).rejects.toThrow(TypeError);
});
