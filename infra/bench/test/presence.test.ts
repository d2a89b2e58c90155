import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const script = fileURLToPath(new URL("../src/presence/main.ts", import.meta.url));
const USERS = 40;
const STEPS = 4;

interface Step {
  readonly steady: { readonly joins: number; readonly told: number };
  readonly figures: Readonly<Record<"greeting" | "each" | "commands" | "perTold", number>>;
}

test("bench:presence brings users online in calls and chat, and what each join sends stays flat", async () => {
  const flags = ["--users", String(USERS), "--seconds", "1", "--json"];
  const { stdout } = await run(process.execPath, ["--conditions=source", script, ...flags], { timeout: 100_000 });
  const { results } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  expect(results.map(({ dialect }: { dialect: string }) => dialect)).toEqual(["calls", "chat"]);
  for (const { dialect, steps } of results as { dialect: string; steps: Step[] }[]) {
    expect(steps).toHaveLength(STEPS);
    for (const { steady } of steps) expect(Math.min(steady.joins, steady.told)).toBeGreaterThan(0);
    const [first, last] = [steps[0], steps[STEPS - 1]];
    for (const measure of ["greeting", "commands", ...(dialect === "calls" ? (["each"] as const) : [])] as const) {
      expect(last?.figures[measure], measure).toBeLessThan(1.5 * (first?.figures[measure] ?? 0));
    }
  }
}, 120_000);
