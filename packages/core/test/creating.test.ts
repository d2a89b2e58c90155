import { randomUUID } from "node:crypto";
import { createRoom } from "@switchyard/core";
import { beforeAll, expect, test } from "vitest";
import { CoreOnRedis } from "./core-on-redis.ts";

let core: CoreOnRedis;
beforeAll(async () => {
  core = await CoreOnRedis.open();
  return core.close;
});

test("a name that a room has already is not taken a second time, however many are created at once", async () => {
  const prefix = randomUUID();
  const made: string[] = [];
  const newName = () => {
    const name = `${prefix} ${Math.floor(made.length / 4)}`; // each name is tried four times
    made.push(name);
    return name;
  };
  const created = await Promise.all(
    Array.from({ length: 5 }, () => createRoom(core.contextOf("rooms"), 60_000, newName)),
  );
  expect(new Set(created).size).toBe(5);
  expect(made.length).toBeGreaterThan(5);
});

test("names are eight capital letters and digits, and no two are alike", async () => {
  const names = await Promise.all(Array.from({ length: 100 }, () => createRoom(core.contextOf("rooms"), 60_000)));
  expect(new Set(names).size).toBe(100);
  for (const name of names) expect(name).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
  const places = Array.from({ length: 8 }, (_, at) => new Set(names.map((name) => name[at])).size);
  expect(Math.min(...places)).toBeGreaterThan(16); // of 32 characters, at every place
});

test("where clients name no rooms none is created", async () => {
  await expect(createRoom(core.contextOf("random"), 60_000)).rejects.toThrow(TypeError);
});
