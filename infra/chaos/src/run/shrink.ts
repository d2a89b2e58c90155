/** A run that failed: how many of the first faults were enough, and what it was that failed. */
export interface Shrunk<Failure> {
  readonly length: number;
  readonly failure: Failure;
}

/**
 * Finds by bisection the shortest prefix of a schedule with which a run fails. Each prefix is run once: a failure that
 * comes only now and then may need a longer one than was found.
 * @param length of the schedule that failed
 * @param failure what failed with it
 * @param runPrefix runs so many of the first faults; nothing if that goes well
 */
export async function shrink<Failure>(
  length: number,
  failure: Failure,
  runPrefix: (length: number) => Promise<Failure | undefined>,
): Promise<Shrunk<Failure>> {
  let shortest: Shrunk<Failure> = { length, failure };
  let passes = -1;
  while (shortest.length - passes > 1) {
    const middle = Math.floor((passes + shortest.length) / 2);
    const failed = await runPrefix(middle);
    if (failed === undefined) passes = middle;
    else shortest = { length: middle, failure: failed };
  }
  return shortest;
}
