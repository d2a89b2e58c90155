import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Metrics as MatchmakerMetrics } from "@switchyard/matchmaker";
import { Metrics as SignalingMetrics } from "@switchyard/signaling";
import { beforeEach, expect, test } from "vitest";
import { expressions, prometheus } from "./files.ts";

const isThere = spawnSync("promtool", ["--version"]).status === 0;
beforeEach(({ skip }) => {
  if (!isThere) skip("promtool is not installed; Debian's package prometheus has it");
});

/** @throws with what promtool says, if it finds something */
function promtool(...args: string[]): string {
  return execFileSync("promtool", args, { cwd: prometheus, encoding: "utf8", stdio: "pipe" });
}

test("the configuration and the rules are valid", () => {
  expect(promtool("check", "config", "prometheus.yml")).toContain("is valid prometheus config file syntax");
});

test("each alert fires when it is to, and else does not", () => {
  const said = promtool(
    "test",
    "rules",
    ...["clients", "matchmaking", "nodes", "redis"].map((name) => `tests/${name}.yml`),
  );
  expect(said.match(/SUCCESS/g)).toHaveLength(4);
});

test("every query of a dashboard is valid PromQL", () => {
  const directory = mkdtempSync(join(tmpdir(), "switchyard-rules-"));
  try {
    const rules = expressions.map(({ expr }, i) => ({
      record: `query_${i}`,
      expr: expr.replaceAll("$__rate_interval", "1m").replaceAll("$node", ".*"),
    }));
    const path = join(directory, "queries.yml");
    writeFileSync(path, JSON.stringify({ groups: [{ name: "queries", rules }] }));
    expect(promtool("check", "rules", path)).toContain(`SUCCESS: ${rules.length} rules found`);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("promtool does find what is wrong", () => {
  expect(() => promtool("check", "rules", "../package.json")).toThrow();
});

test.each([
  ["a node", () => new SignalingMetrics("node", [{ name: "random", queues: ["chat", "video"] }], () => 0).registry],
  ["a matchmaker", () => new MatchmakerMetrics("matchmaker").registry],
])("the metrics of %s are as Prometheus likes them", async (_, open) => {
  const text = await open().metrics();
  const own = text
    .split("\n\n")
    .filter((metric) => metric.includes("switchyard_"))
    .join("\n");
  const { stdout, stderr, status } = spawnSync("promtool", ["check", "metrics"], {
    input: `${own}\n`,
    encoding: "utf8",
  });
  expect([stdout + stderr, status]).toEqual(["", 0]);
});
