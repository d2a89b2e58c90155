import { once } from "node:events";
import type { Redis } from "ioredis";

/** What Redis was asked to do: commands as clients sent them, and what their scripts then did inside of Redis. */
export interface Commands {
  readonly sent: ReadonlyMap<string, number>;
  readonly inScripts: ReadonlyMap<string, number>;
}

const LAST = "switchyard-bench-last";
/** Connections being kept alive, subscriptions and the benchmark's own questions: not the work of a relay. */
const housekeeping = /^(ping|hello|auth|select|info|client|command|echo|monitor|quit|config|[sp]?(un)?subscribe)$/;

/** Has every command listed (`MONITOR`) while `work` goes on. It slows Redis down: nothing is to be timed meanwhile. */
export async function watchCommands<Result>(
  redis: Redis,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly commands: Commands }> {
  const sent = new Map<string, number>();
  const inScripts = new Map<string, number>();
  const monitor = await redis.duplicate().monitor();
  try {
    const allSeen = new Promise<void>((resolve) => {
      monitor.on("monitor", (_time: string, [command = "", argument]: string[], source: string) => {
        if (argument === LAST) return resolve();
        const name = command.toLowerCase();
        if (housekeeping.test(name)) return;
        const counts = source === "lua" ? inScripts : sent;
        counts.set(name, (counts.get(name) ?? 0) + 1);
      });
    });
    const result = await work();
    await redis.echo(LAST);
    await Promise.race([allSeen, once(monitor, "close")]);
    return { result, commands: { sent, inScripts } };
  } finally {
    monitor.disconnect();
  }
}
