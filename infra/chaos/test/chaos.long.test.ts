import { readScenario, textOf } from "@switchyard/load";
import { describe, expect, onTestFinished, test } from "vitest";
import { textOfChaos } from "../src/report.ts";
import { runExperiment } from "../src/run/experiment.ts";
import type { FaultKind } from "../src/schedule/fault.ts";
import { OwnCluster } from "../src/target/own-cluster.ts";
import { type Patch, patchProduct } from "./patched-product.ts";

const USERS = 40;

interface Setting {
  readonly kinds: readonly FaultKind[] | undefined;
  readonly everyMs: number;
  readonly duration: string;
  readonly scenario: string;
  readonly patches?: readonly Patch[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly shrinks?: boolean;
}

/** Lets users talk in a cluster of its own, which runs the product or a patched copy, while faults are injected. */
async function runAgainst({ kinds, everyMs, patches, environment = {}, ...setting }: Setting) {
  const { duration, scenario: text, shrinks = false } = setting;
  const scenario = readScenario(text, { users: USERS, ramp: "3s", duration });
  const plan = { seed: 1, durationMs: scenario.duration, everyMs, longestMs: 4000, kinds };
  const product = patches && (await patchProduct(patches));
  if (product) onTestFinished(product.remove);
  const options = { nodes: 3, matchmakers: 2, environment };
  const open = () => OwnCluster.start(product ? { ...options, root: product.root } : options);
  return runExperiment({ scenario, plan, open, shrinks });
}

/** As the scenario `talk`. */
const talk = `
grace: 25s
patience: 30s
mix:
  - { behaviour: random, weight: 4, messageEvery: 2s, nextAfter: 20s }
  - { behaviour: rooms, weight: 3, size: 6, messageEvery: 5s, toggleEvery: 10s }
  - { behaviour: match, weight: 2, callAgainAfter: 20s, candidates: 8 }
  - { behaviour: calls, weight: 1, size: 4, callAgainAfter: 20s }
thresholds: [violations = 0, not recovered = 0]`;

test("a minute of faults of all kinds: nothing is lost, doubled or reordered, and nobody is given up", async () => {
  const report = await runAgainst({ kinds: undefined, everyMs: 6000, duration: "60s", scenario: talk });
  expect(report.described, textOfChaos(report)).toEqual([]);
  expect([report.verdict, report.counts["not recovered"]], textOfChaos(report)).toEqual(["ok", 0]);
  expect(report.chaos.schedule).toHaveLength(9);
  expect(report.faults.length).toBeGreaterThanOrEqual(9);
});

describe("a bug that is planted in a copy of the product", () => {
  const prelude = "packages/store/lua/prelude.lua";
  const resume = "packages/store/lua/session/resume-session-2.lua";
  const withoutFence: Patch = {
    file: prelude,
    replacements: [
      [/(?<=function passesFence\(.*\)\n)/, "  do return true end\n"],
      [/(?<=function isOver\(.*\)\n)/, "  do return false end\n"],
    ],
  };
  const withoutOutbox: readonly Patch[] = [
    { file: prelude, replacements: [[/ {2}redis\.call\('XADD', outbox, .*\n/, ""]] },
    { file: resume, replacements: [[/.*~= #missed then return -5 end\n/, ""]] },
  ];
  const reversed =
    "for i = 1, math.floor(#missed / 2) do\n" +
    "  missed[i], missed[#missed + 1 - i] = missed[#missed + 1 - i], missed[i]\nend\n";
  const inWrongOrder: Patch = { file: resume, replacements: [[/(?<=return -5 end\n)/, reversed]] };
  /** Meetings and calls in which so much is said that somebody always misses something. */
  const busy = {
    scenario:
      "grace: 25s\nmix:\n  - { behaviour: rooms, size: 8, messageEvery: 700ms, toggleEvery: 1h }\n" +
      "  - { behaviour: match, callAgainAfter: 1s }",
    environment: { LEASE_MS: "10000", RATE_LIMIT_POINTS: "1000000", SIGNAL_RATE_LIMIT_POINTS: "1000000" },
    everyMs: 6000,
    duration: "60s",
  };

  test("no fence: is found within two minutes", async () => {
    const report = await runAgainst({ ...busy, kinds: ["abandon"], patches: [withoutFence] });
    expect([report.verdict, report.elapsedMs < 120_000], textOf(report)).toEqual(["violation", true]);
  });

  test("wrong order on resume: is found within two minutes", async () => {
    const report = await runAgainst({ ...busy, kinds: ["cut", "kill"], patches: [inWrongOrder] });
    const { reordered, lost } = report.violations; // a node drops events with lower numbers than the last one's
    expect(reordered + lost, textOf(report)).toBeGreaterThan(0);
    expect(report.elapsedMs).toBeLessThan(120_000);
  });

  test("no outbox: is found within two minutes, and the run is shrunk to the first cut", async () => {
    const short = { everyMs: 5000, duration: "25s", shrinks: true };
    const report = await runAgainst({ ...busy, ...short, kinds: ["cut"], patches: withoutOutbox });
    expect([report.verdict, report.elapsedMs < 120_000], textOf(report)).toEqual(["violation", true]);
    const { shrunk, schedule } = report.chaos;
    expect([schedule.length, shrunk?.length, shrunk?.report.faults.length], textOfChaos(report)).toEqual([4, 1, 1]);
    expect(textOfChaos(report)).toMatch(
      /\nshortest failing prefix: 1 of 4 faults, seed 1: cut at 5 s\n {2}.* is (lost|undelivered)\n {4}\d+\.\d+ s: /,
    );
  });
});
