import type { Redis } from "ioredis";

const AT_ONCE = 200;

/** The members of a set, some at a time. */
export async function* setPages(redis: Redis, key: string): AsyncGenerator<readonly string[]> {
  yield* pages((cursor) => redis.sscan(key, cursor, "COUNT", AT_ONCE));
}

/** The entries of a hash, or the members of a sorted set with their scores, some at a time. */
export async function* pairPages(
  redis: Redis,
  key: string,
  type: "hash" | "sorted set",
): AsyncGenerator<readonly (readonly [string, string])[]> {
  const scan = (cursor: string) =>
    type === "hash" ? redis.hscan(key, cursor, "COUNT", AT_ONCE) : redis.zscan(key, cursor, "COUNT", AT_ONCE);
  for await (const flat of pages(scan)) yield pairsOf(flat);
}

/** A flat list of fields and values, in pairs. */
export function pairsOf(flat: readonly string[]): (readonly [string, string])[] {
  return flat.flatMap((field, i) => (i % 2 === 0 ? [[field, String(flat[i + 1])] as const] : []));
}

/** The answers of a MULTI. */
export function answersOf(answers: [Error | null, unknown][] | null): unknown[] {
  return (answers ?? []).map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
}

async function* pages(scan: (cursor: string) => Promise<[string, string[]]>): AsyncGenerator<readonly string[]> {
  let cursor = "0";
  do {
    const [next, found] = await scan(cursor);
    cursor = next;
    if (found.length > 0) yield found;
  } while (cursor !== "0");
}
