import { z } from "zod";
import { Half } from "../oracle/half.ts";
import { LoadReport } from "../report/document.ts";
import { ScenarioError } from "../scenario/read.ts";
import type { Behaviour, Scenario } from "../scenario/schema.ts";
import { partStates } from "./part.ts";

/** Workers of another version refuse a slice: they would count or judge something else. */
const VERSION = 1;
const count = z.int().min(0);

/** A worker's share of a run, as it is handed out. */
export const Slice = z.object({
  version: z.literal(VERSION, { error: "it was handed out by another version of sy" }),
  run: z.string(),
  number: z.int().min(1),
  of: z.int().min(1),
  /** URLs of metrics, which the first worker reads. */
  metrics: z.array(z.string()).readonly().optional(),
  /** The whole scenario, which the worker reads and cuts by itself. */
  scenario: z.string(),
  overrides: z.object({
    targets: z.array(z.string()).readonly().optional(),
    sources: z.array(z.string()).readonly().optional(),
    users: z.number().optional(),
    rate: z.number().optional(),
    ramp: z.string().optional(),
    duration: z.string().optional(),
    cuts: z.number().optional(),
    seed: z.number().optional(),
    transport: z.string().optional(),
  }),
});
export type Slice = z.output<typeof Slice>;

/** How far a worker is. */
export const PartProgress = z.object({
  state: z.enum(partStates),
  figures: z
    .object({
      elapsedMs: z.number(),
      lengthMs: z.number(),
      connected: count,
      sent: count,
      received: count,
      errors: count,
      violations: count,
    })
    .optional(),
});
export type PartProgress = z.output<typeof PartProgress>;

/** The findings of a worker at the end, or the reason why it could not begin. */
export const SliceResult = z.union([
  z.object({ report: LoadReport, disturbed: z.array(count) }),
  z.object({ unreachable: z.string() }),
]);
export type SliceResult = z.output<typeof SliceResult>;

/** The state of a slice, as far as it is known. */
export type SliceState =
  | { readonly kind: "waiting" }
  | { readonly kind: "working"; readonly progress: PartProgress }
  | { readonly kind: "done"; readonly result: SliceResult }
  | { readonly kind: "lost"; readonly reason: string };

export const Halves = z.array(Half);

/** All slices of a run. */
export function slicesOf(
  run: string,
  of: number,
  text: string,
  overrides: Slice["overrides"],
  metrics?: readonly string[],
): readonly [Slice, ...Slice[]] {
  const slice = (number: number): Slice => ({ version: VERSION, run, number, of, scenario: text, overrides, metrics });
  return [slice(1), ...Array.from({ length: of - 1 }, (_, index) => slice(index + 2))];
}

/**
 * A worker's share of a scenario: of its users, its rates and its cuts. Those who meet in a room or a call come as a group,
 * and a group stays in one worker. Thresholds are judged where all is added up.
 * @throws ScenarioError if there are fewer groups than workers
 */
export function partOf(scenario: Scenario, { number, of }: Pick<Slice, "number" | "of">): Scenario {
  const { arrival, targets, seed, cuts, handshakes } = scenario;
  const turn = (number - 1) % targets.length;
  return {
    ...scenario,
    arrival:
      "users" in arrival
        ? { ...arrival, users: usersOf(scenario, arrival.users, number, of) }
        : { ...arrival, rate: arrival.rate / of },
    targets: [...targets.slice(turn), ...targets.slice(0, turn)],
    seed: seed + number * 0x10001,
    cuts: cuts / of,
    handshakes: Math.max(1, Math.floor(handshakes / of)),
    thresholds: [],
  };
}

function usersOf({ mix }: Scenario, users: number, number: number, of: number): number {
  const size = Math.max(...mix.map(groupOf));
  const groups = Math.ceil(users / size);
  if (groups < of) throw new ScenarioError(`${users} users are ${groups} groups of ${size}, too few for ${of} workers`);
  const until = (worker: number) => Math.min(users, Math.round((groups * worker) / of) * size);
  return until(number) - until(number - 1);
}

/** The number of users that meet each other, and nobody else. In the chatroom a worker's users are enough for each other. */
function groupOf(one: Behaviour): number {
  if (one.behaviour === "rooms" || one.behaviour === "calls") return one.size;
  return one.behaviour === "random" || one.behaviour === "match" ? 2 : 1;
}
