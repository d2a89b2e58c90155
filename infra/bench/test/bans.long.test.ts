import { beforeAll, expect, test } from "vitest";
import { needRedisServer, startBenchmark } from "./benchmark.ts";

const SESSIONS = 60;

beforeAll(needRedisServer);

test("bench:bans closes every session that it bans, by each way, with the reason, and says how soon", async () => {
  const args = ["--sessions", String(SESSIONS), "--nodes", "2", "--bans", "20", "--networks", "2"];
  const { lines } = await startBenchmark("bans", args).ended;
  const printed = lines.join("\n");
  expect(lines).toContain(`${SESSIONS} sessions are connected to 2 nodes`);
  const counts = lines.flatMap((line) => /^(user|network|all).*? {2,}(\d+)( +[\d.]+){3}$/.exec(line)?.[2] ?? []);
  expect(counts, printed).toEqual(["10", "10", "20", "40"]);
  expect(printed).not.toContain("without the reason");
});
