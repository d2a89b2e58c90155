import type { Redis } from "ioredis";

const BEAT_EVERY_MS = 1000;
/** A server counts as unreachable once this many beats have passed without an answer. */
const SILENT_BEATS = 5;

/**
 * Detects a Redis that hangs: sends a PING every second, and closes the connection if no answer arrives, so that
 * commands that wait for an answer fail and the connection is opened again. This takes one timer for the connection
 * instead of one for each command. It counts beats, not time: while this process itself is suspended no beat passes,
 * and the answer may have arrived when it continues.
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
