import { setTimeout as pause } from "node:timers/promises";
import { Wire } from "./wire.ts";

/** Where an attack goes, and from which address it comes. */
export interface AttackTarget {
  /** The nodes. */
  readonly urls: readonly string[];
  readonly address: string;
  /** Aborted when the time is over. */
  readonly end: AbortSignal;
}

export type Attack = (attacked: AttackTarget) => Promise<void>;

/** Of those whose connection is refused, so that an attack that is shut out does not spin. */
export const TRY_AGAIN_MS = 50;
/** The longest text that is accepted, in characters that are the most bytes. */
export const LONGEST_TEXT = "\u20ac".repeat(4000);
/** The longest name that others are shown. */
export const LONG_NAME = "n".repeat(64);
/** Almost as much as one event may have. */
export const LARGE_BODY = "x".repeat(60_000);

/** Does something over one connection after the other, for as long as each of them is open and the time lasts. */
export async function repeat(
  attacked: AttackTarget,
  begin: (wire: Wire) => Promise<() => Promise<void>>,
): Promise<void> {
  while (!attacked.end.aborted) {
    const wire = await open(attacked);
    if (!wire) continue;
    const act = await begin(wire);
    while (wire.isOpen && !attacked.end.aborted) await act();
    wire.cut();
  }
}

/** The same attack so many times at once. */
export function atOnce(times: number, attack: Attack): Attack {
  return async (attacked) => void (await Promise.all(Array.from({ length: times }, () => attack(attacked))));
}

/** A connection to one of the nodes; `undefined`: it was refused. */
export async function open({ urls, address, end }: AttackTarget): Promise<Wire | undefined> {
  const url = urls[Math.floor(Math.random() * urls.length)] ?? "";
  const wire = await Wire.open(url, address).catch(() => undefined);
  if (!wire && !end.aborted) await pause(TRY_AGAIN_MS);
  return wire;
}
