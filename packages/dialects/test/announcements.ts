import { keys } from "@switchyard/store";
import { openMonitor, type TestCluster, until } from "@switchyard/testkit";

/** At most one announcement of a dialect's state in this time, cluster-wide. */
export const ANNOUNCE_EVERY_MS = 1000;

/** Each announcement of a dialect's state from now on: when it was decided, by the clock of the process that did (Unix ms). */
export interface Announcements {
  /** All up to the moment of the call. */
  times(): Promise<readonly number[]>;
  stop(): void;
}

export async function watchAnnouncements(
  { redis }: TestCluster,
  dialect: Parameters<typeof keys.presenceMeta>[0],
): Promise<Announcements> {
  const times: number[] = [];
  const meta = keys.presenceMeta(dialect);
  let marks = 0;
  let seen = 0;
  const stop = await openMonitor(redis, ([command = "", key, ...fields]) => {
    if (command.toLowerCase() === "echo") seen += 1;
    const at = command.toLowerCase() === "hset" && key === meta ? fields.indexOf("at") : -1;
    if (at >= 0) times.push(Number(fields[at + 1]));
  });
  return {
    times: async () => {
      marks += 1;
      await redis.echo("up to here");
      await until("Redis to have listed all that it did", () => seen >= marks);
      return times;
    },
    stop,
  };
}
