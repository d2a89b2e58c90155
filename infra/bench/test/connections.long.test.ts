import { beforeAll, expect, test } from "vitest";
import { needRedisServer, startBenchmark } from "./benchmark.ts";

const USERS = 40;

beforeAll(needRedisServer);

test("bench:connections counts memory and CPU of the testers beside the nodes'", async () => {
  const length = ["--ramp", "0.1", "--seconds", "3"];
  const args = ["--users", String(USERS), "--processes", "2", "--talkers", "50", ...length];
  const { lines } = await startBenchmark("connections", args).ended;
  const text = lines.join("\n");
  expect(text).toMatch(/^workers: 2 of 2$/m);
  for (const process of ["tester 1", "tester 2", "connections-1", "connections-2"]) {
    expect(text).toMatch(new RegExp(`^${process} +[1-9][\\d,]* +[\\d.]+$`, "m"));
  }
  expect(text).toMatch(
    new RegExp(`^the tester: \\d+ MB for ${USERS} connections, and [\\d.]+ of the nodes' CPU$`, "m"),
  );
});
