import type { Redis } from "ioredis";

const BEAT_EVERY_MS = 1000;
/** A server that has not answered for this long is a server that is away. */
const SILENCE_MS = 5000;

/**
 * Notices a Redis that hangs: asks it for a sign of life every second, and breaks the connection when none comes, so that what waits
 * for an answer fails and the connection is made anew. One timer for the connection instead of one for each command.
 */
export function watchHeartbeat(redis: Redis): void {
  let timer: NodeJS.Timeout | undefined;
  let askedAt: number | undefined;
  const answered = () => {
    askedAt = undefined;
  };
  const beat = () => {
    if (askedAt === undefined) {
      askedAt = performance.now();
      redis.ping().then(answered, answered);
    } else if (performance.now() - askedAt > SILENCE_MS) {
      redis.stream.destroy(new Error(`Redis has not answered for ${SILENCE_MS} ms`));
    }
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
