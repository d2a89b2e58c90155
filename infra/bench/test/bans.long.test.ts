import { beforeAll, expect, test } from "vitest";
import { needRedisServer, startBenchmark } from "./benchmark.ts";

const SESSIONS = 60;
const BANS = 20;

beforeAll(needRedisServer);

test("bench:bans closes every session that it bans, each with the reason, and says how soon", async () => {
  const args = ["--sessions", String(SESSIONS), "--nodes", "2", "--bans", String(BANS)];
  const { lines } = await startBenchmark("bans", args).ended;
  expect(lines).toContain(`${SESSIONS} sessions are connected to 2 nodes`);
  const figures = lines.find((line) => line.startsWith("p50 "));
  expect(figures, lines.join("\n")).toMatch(
    /^p50 [\d.]+ {3}p99 [\d.]+ {3}longest [\d.]+; closed without the reason: 0$/,
  );
});
