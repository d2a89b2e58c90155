/** How many entries of each kind are looked at; where there are more, chance decides which. */
export const SAMPLE = 100;

/**
 * Drops those entries of a shared list that no longer stand for anything. An entry that has become stale stays so: it is safe to look first
 * and act then.
 * @returns how many
 */
export async function dropEach<T>(
  entries: readonly T[],
  isStale: (entry: T) => Promise<boolean>,
  drop: (entry: T) => Promise<void>,
): Promise<number> {
  const dropped = entries.map(async (entry) => {
    if (!(await isStale(entry))) return false;
    await drop(entry);
    return true;
  });
  return (await Promise.all(dropped)).filter(Boolean).length;
}
