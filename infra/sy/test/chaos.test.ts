import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChaosReport } from "@switchyard/chaos";
import { startCluster } from "@switchyard/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { sy } from "./sy.ts";

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-sy-chaos-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

describe("chaos", () => {
  test("injects faults into what `npm start` runs, and says which and when, in text, JSON and JUnit", async () => {
    const cluster = await startCluster();
    onTestFinished(cluster.stop);
    const RUN_DIR = await temporaryDirectory();
    const nodes = cluster.nodes.map(({ id, url }) => ({ id, url, pid: process.pid }));
    const state = { front: { url: "" }, nodes, matchmakers: [], redis: { url: cluster.redisServer.url, pid: null } };
    await writeFile(join(RUN_DIR, "state.json"), JSON.stringify(state));
    const [report, junit] = [join(RUN_DIR, "chaos.json"), join(RUN_DIR, "chaos.xml")];
    const faults = ["--kinds", "cut", "--every", "1s", "--users", "6", "--ramp", "500ms", "--duration", "3s"];
    const files = ["--report", report, "--junit", junit];
    const { code, text, aside } = await sy({ RUN_DIR }, "chaos", "--against", "local", ...faults, ...files);
    expect([code, text]).toEqual([0, expect.stringMatching(/^against local: 2 faults \(cut\), seed 1\n/)]);
    expect(text).toMatch(/\n +1\.\d s {2}\d connections to \S+ break\n +2\.\d s {2}\d connections to \S+ break\n/);
    expect(aside).toMatch(/, 2 faults\n$/);
    const written = ChaosReport.parse(JSON.parse(await readFile(report, "utf8")));
    expect(written).toMatchObject({
      verdict: "ok",
      faults: [{ kind: "cut" }, { kind: "cut" }],
      chaos: { against: "local", everyMs: 1000, schedule: [{ atMs: 1000 }, { atMs: 2000 }], shrunk: null },
    });
    expect(written.counts.recovered).toBeGreaterThan(0);
    expect(await readFile(junit, "utf8")).toContain('failures="0"');
    const refused = await sy({ RUN_DIR }, "chaos", "--against", "local", ...faults, "--kinds", "scale-up");
    expect([refused.code, refused.aside]).toEqual([
      1,
      expect.stringMatching(/^sy: scale-up can't be done to local: .*; it can do kill, stop, /),
    ]);
  });

  test("refuses a call that is wrong, and a cluster that is not there", async () => {
    const RUN_DIR = await temporaryDirectory();
    const gone = await sy({ RUN_DIR }, "chaos", "--against", "local");
    expect([gone.code, gone.aside]).toEqual([1, expect.stringContaining("`npm start` does not run here")]);
    for (const [args, reason] of [
      [["--kinds", "kill,sleep"], "--kinds must be of kill, stop, "],
      [["--every", "10"], "--every must be a number and a unit"],
      [["--lasts", "0s"], "--lasts must be a number and a unit"],
      [["--against", "moon"], "--against must be one of own, local, compose, lab"],
    ] as const) {
      const { code, aside } = await sy({}, "chaos", ...args);
      expect([code, aside]).toEqual([2, expect.stringContaining(reason)]);
    }
  });
});
