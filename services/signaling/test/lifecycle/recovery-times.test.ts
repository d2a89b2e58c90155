import { settings } from "@switchyard/runtime";
import { startCluster } from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { doubtsAboutTimes } from "../../src/lifecycle/recovery-times.ts";
import { patient } from "../patient.ts";

const defaults = {
  RECONNECT_GRACE_MS: settings.RECONNECT_GRACE_MS.parse(undefined),
  LEASE_MS: settings.LEASE_MS.parse(undefined),
  PING_INTERVAL_MS: settings.PING_INTERVAL_MS.parse(undefined),
  PING_TIMEOUT_MS: settings.PING_TIMEOUT_MS.parse(undefined),
};

test("nothing is to be said against the defaults, nor against longer graces", () => {
  expect(doubtsAboutTimes(defaults)).toEqual([]);
  expect(doubtsAboutTimes({ ...defaults, RECONNECT_GRACE_MS: 600_000 })).toEqual([]);
});

test.each([
  ["a grace in which no stock client comes back", { RECONNECT_GRACE_MS: 1500 }, /^RECONNECT_GRACE_MS \(1500\) is over/],
  ["a grace in which one comes back at once only", { RECONNECT_GRACE_MS: 24_499 }, /shorter than 24500: .* hangs/],
  ["a lease that is longer than clients take to notice", { LEASE_MS: 9000 }, /^LEASE_MS \(9000\) .* together \(9000\)/],
])("%s is named, in one sentence", (_, times, sentence) => {
  expect(doubtsAboutTimes({ ...defaults, ...times })).toEqual([expect.stringMatching(sentence)]);
});

test("a node logs what is to be said against its times, and starts", async () => {
  const cluster = await startCluster({
    nodes: 1,
    matchmakers: 0,
    environment: { ...patient, RECONNECT_GRACE_MS: 1000 },
  });
  onTestFinished(cluster.stop);
  const said = cluster
    .node(0)
    .logs()
    .filter(({ msg }) => msg.startsWith("RECONNECT_GRACE_MS"));
  expect(said).toMatchObject([{ level: 40 }]);
});
