import { dumpRedis, type TestCluster, until } from "@switchyard/testkit";

/**
 * Everything in a cluster's Redis, as `dumpRedis` has it, when no pairing is under way: a matchmaker removes an assignment
 * only after both partners have heard of each other.
 */
export async function dumpAtRest(
  { redis, store }: TestCluster,
  except: readonly string[] = [],
): Promise<Record<string, unknown>> {
  await until("no pairing to be under way", async () => {
    const open = await Promise.all(["chat", "video"].map((queue) => store.assignments.open(queue)));
    return open.every((count) => count === 0);
  });
  return dumpRedis(redis, except);
}
