import type { Redis } from "ioredis";

const BEAT_EVERY_MS = 1000;
/** A server that has let so many beats pass without an answer is a server that is away. */
const SILENT_BEATS = 5;

/**
 * Notices a Redis that hangs: asks it for a sign of life every second, and breaks the connection when none comes, so that what waits
 * for an answer fails and the connection is made anew. One timer for the connection instead of one for each command. Beats are counted,
 * not the time: while this process itself stands still none passes, and the answer may be there when it goes on.
 */
export function watchHeartbeat(redis: Redis, beatEveryMs = BEAT_EVERY_MS): void {
  let timer: NodeJS.Timeout | undefined;
  let unanswered = 0;
  const answered = () => {
    unanswered = 0;
  };
  const beat = () => {
    if (unanswered >= SILENT_BEATS) {
      redis.stream.destroy(new Error(`Redis has not answered for ${SILENT_BEATS * beatEveryMs} ms`));
      return;
    }
    unanswered += 1;
    if (unanswered === 1) redis.ping().then(answered, answered);
  };
  redis.on("ready", () => {
    clearInterval(timer);
    timer = setInterval(beat, beatEveryMs).unref();
  });
  redis.on("close", () => {
    clearInterval(timer);
    answered();
  });
}
