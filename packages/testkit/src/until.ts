/** Far more than anything takes that is waited for, also on a machine that stands still now and then. */
const PATIENCE_MS = 60_000;

/**
 * Waits until `condition` returns something other than `undefined` or `false`, and returns that.
 * @param wanted what is waited for, for the error
 * @throws Error with the last thing that was seen when `timeoutMs` have passed
 */
export async function until<T>(
  wanted: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      last = await condition();
      if (last !== undefined && last !== false) return last as T;
    } catch (error) {
      last = error;
    }
    await new Promise((resume) => setTimeout(resume, 10));
  } while (performance.now() < deadline);
  throw new Error(`waited ${timeoutMs} ms for ${wanted}; last seen: ${last instanceof Error ? last.stack : last}`);
}
