import * as fc from "fast-check";
import type { World } from "../world.ts";
import type { Act } from "./moves.ts";

/** Everything that can happen, and how often it does. */
export type Acts = Readonly<Record<string, readonly [weight: number, act: Act]>>;

/** One thing that happens; the numbers choose to whom, modulo how many there are. */
interface Move {
  readonly what: string;
  readonly a: number;
  readonly b: number;
}

/** What happens, from a beginning in which some may already be somewhere. */
export interface Script {
  readonly beginning: number;
  readonly moves: readonly Move[];
}

/**
 * Scripts of what can happen.
 * @param always what is in every script; of the rest each has some, so that scripts differ more than one mixture would let them
 * @param beginnings where they start, each as often as it is named
 */
export function scriptsOf<What extends string>(
  acts: Acts & Readonly<Record<What, unknown>>,
  always: readonly What[],
  beginnings: readonly number[],
  mostMoves: number,
): fc.Arbitrary<Script> {
  const sometimes = Object.keys(acts).filter((what) => !(always as readonly string[]).includes(what));
  return fc.subarray(sometimes, { minLength: 2 }).chain((chosen) =>
    fc.record({
      beginning: fc.constantFrom(...beginnings),
      moves: fc.array(
        fc.record({
          what: fc.oneof(
            ...[...always, ...chosen].map((what) => ({ weight: acts[what]?.[0] ?? 0, arbitrary: fc.constant(what) })),
          ),
          a: fc.nat(11),
          b: fc.nat(11),
        }),
        { minLength: 1, maxLength: mostMoves, size: "max" },
      ),
    }),
  );
}

/** Lets one thing after another happen. */
export async function play(
  world: World,
  acts: Acts,
  { moves }: Script,
  after: (what: string) => Promise<void>,
): Promise<void> {
  for (const { what, a, b } of moves) {
    world.interleaver.trace.push(`${what} ${a} ${b}`);
    await acts[what]?.[1](world, a, b);
    await world.interleaver.drain();
    await after(`after ${what}`);
  }
}
