import type { DialectName } from "@switchyard/protocol";
import { describe, expect, test } from "vitest";
import { newId, useBench } from "../workbench.ts";

const bench = useBench();

/** A dialect of one's own, with that many rooms. */
async function dialectWith(rooms: readonly string[]): Promise<DialectName> {
  const dialect = newId() as DialectName;
  await Promise.all(rooms.map((room) => bench.store.presence.roomOpened(dialect, room)));
  return dialect;
}
const named = (count: number) => Array.from({ length: count }, (_, i) => `match:${i} ü`);

/** All pages, from the first to the last. */
async function pagesOf(dialect: DialectName, size: number, meanwhile = async () => {}) {
  const pages: (readonly string[])[] = [];
  let cursor: string | undefined;
  do {
    const page = await bench.store.presence.listRooms(dialect, cursor, size);
    pages.push(page.members);
    cursor = page.next;
    await meanwhile();
  } while (cursor !== undefined);
  return pages;
}

describe.each([0, 1, 99, 100, 101, 128, 129, 250, 2000])("of %i rooms", (count) => {
  test("P3: each page is full but the last, and each room is on one", async () => {
    const rooms = named(count);
    const pages = await pagesOf(await dialectWith(rooms), 100);
    expect(pages.slice(0, -1).every(({ length }) => length === 100)).toBe(true);
    expect(pages.at(-1)?.length ?? 0).toBeLessThanOrEqual(100);
    expect(pages.flat().sort()).toEqual(rooms.sort());
  });
});

test("P3: what is there all the time is listed, whatever comes and goes meanwhile", async () => {
  const rooms = named(600);
  const dialect = await dialectWith(rooms);
  const { presence } = bench.store;
  const pages = await pagesOf(dialect, 50, async () => {
    await Promise.all(Array.from({ length: 200 }, () => presence.roomOpened(dialect, newId())));
  });
  expect(pages.every(({ length }) => length <= 50)).toBe(true);
  const listed = new Set(pages.flat());
  expect(rooms.filter((room) => !listed.has(room))).toEqual([]);
});

test.each(["x", "-1", "1.5.2", "99999999999999999999", "0.{}", ""])("%j is no cursor", async (cursor) => {
  const listing = bench.store.presence.listRooms(await dialectWith([]), cursor, 10);
  await expect(listing).rejects.toThrow(RangeError);
});
