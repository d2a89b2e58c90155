import type { Redis } from "ioredis";

const BEAT_EVERY_MS = 1000;
/** A server that has not answered for so many beats is a server that is away. */
const SILENT_BEATS = 5;

/**
 * Notices a Redis that hangs: asks it for a sign of life every second, and breaks the connection when none comes, so that what waits
 * for an answer fails and the connection is made anew. One timer for the connection instead of one for each command. Beats are counted
 * and not the time: where this process stood still, the answer may be here already, and it is read only after the next beat.
 */
export function watchHeartbeat(redis: Redis): void {
  let timer: NodeJS.Timeout | undefined;
  let beatsSince: number | undefined;
  const answered = () => {
    beatsSince = undefined;
  };
  const beat = () => {
    if (beatsSince === undefined) {
      beatsSince = 0;
      redis.ping().then(answered, answered);
      return;
    }
    beatsSince += 1;
    if (beatsSince < SILENT_BEATS) return;
    redis.stream.destroy(new Error(`Redis has not answered for ${SILENT_BEATS * BEAT_EVERY_MS} ms`));
  };
  redis.on("ready", () => {
    clearInterval(timer);
    timer = setInterval(beat, BEAT_EVERY_MS).unref();
  });
  redis.on("close", () => {
    clearInterval(timer);
    answered();
  });
}
