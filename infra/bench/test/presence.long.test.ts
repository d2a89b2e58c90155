import { beforeAll, expect, test } from "vitest";
import { faultsOf, needRedisServer, startBenchmark } from "./benchmark.ts";

const STEPS = 4;

interface Step {
  readonly steady: { readonly joins: number; readonly told: number };
  readonly figures: Readonly<Record<"greeting" | "each" | "commands", number>>;
}

beforeAll(needRedisServer);

test("bench:presence brings users online in calls and chat, and what each join sends stays flat", async () => {
  const outcome = await startBenchmark("presence", ["--users", "40", "--seconds", "1", "--json"]).ended;
  expect(faultsOf(outcome), outcome.lines.join("\n")).toEqual([]);
  const { results } = JSON.parse(outcome.lines.at(-1) ?? "");
  expect(results.map(({ dialect }: { dialect: string }) => dialect)).toEqual(["calls", "chat"]);
  for (const { dialect, steps } of results as { dialect: string; steps: Step[] }[]) {
    expect(steps).toHaveLength(STEPS);
    for (const { steady } of steps) expect(Math.min(steady.joins, steady.told)).toBeGreaterThan(0);
    const [first, last] = [steps[0], steps[STEPS - 1]];
    for (const measure of ["greeting", "commands", ...(dialect === "calls" ? (["each"] as const) : [])] as const) {
      expect(last?.figures[measure], measure).toBeLessThan(1.5 * (first?.figures[measure] ?? 0));
    }
  }
});
