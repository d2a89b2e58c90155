import type { Redis } from "ioredis";

/** A part of a set; `next` says where the rest begins, if there is more. */
export interface Page<Member extends string> {
  readonly members: readonly Member[];
  readonly next: string | undefined;
}

/** Where a page begins: a cursor of SSCAN, and which of its members had their turn already, by their order. */
interface PagePosition {
  readonly scan: string;
  readonly after: string | undefined;
}

/**
 * One page of a set, at most `size` members. A member that is in the set all the time is in one of the pages, or in two
 * if the set changes meanwhile (SSCAN). SSCAN returns any number of members, so a page may end within one of its
 * answers.
 * @param cursor `next` of the page before
 * @throws RangeError for a cursor that is none
 */
export async function pageOfSet(
  redis: Redis,
  key: string,
  cursor: string | undefined,
  size: number,
): Promise<Page<string>> {
  let position = readCursor(cursor);
  const members = new Set<string>();
  for (;;) {
    const { scan, after } = position;
    const [next, found] = await redis.sscan(key, scan, "COUNT", size);
    const fresh = [...new Set(found)].filter((one) => (after === undefined || one > after) && !members.has(one)).sort();
    for (const one of fresh) {
      if (members.size === size)
        return { members: [...members], next: writeCursor({ scan, after: [...members].at(-1) }) };
      members.add(one);
    }
    if (next === "0") return { members: [...members], next: undefined };
    position = { scan: next, after: undefined };
    if (members.size === size) return { members: [...members], next: writeCursor(position) };
  }
}

function readCursor(cursor: string | undefined): PagePosition {
  const [, scan, after] = /^(\d{1,19})(?:\.([\w-]{1,1024}))?$/.exec(cursor ?? "0") ?? [];
  if (scan === undefined) throw new RangeError("that is no cursor");
  return { scan, after: after === undefined ? undefined : Buffer.from(after, "base64url").toString() };
}

function writeCursor({ scan, after }: PagePosition): string {
  return after === undefined ? scan : `${scan}.${Buffer.from(after).toString("base64url")}`;
}
