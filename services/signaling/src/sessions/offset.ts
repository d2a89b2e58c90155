/**
 * Up to where a client has been told: the number of its session's last event, and, where it follows its dialect's feed, the last entry of
 * that. Clients keep it as the last argument of the last event and show it to recover.
 */
export interface Offset {
  readonly number: number;
  readonly place: string | undefined;
}

/** Reads `<number>` or `<number>~<entry>`; `undefined` if it can't be one of ours. */
export function readOffset(text: string): Offset | undefined {
  const [, number, place] = /^(\d{1,15})(?:~(\d{1,15}-\d{1,15}))?$/.exec(text) ?? [];
  return number === undefined ? undefined : { number: Number(number), place };
}
