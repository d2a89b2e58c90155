import { keys } from "@switchyard/store";
import { openMonitor, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { pairUpTo } from "./dead-matchmaker.ts";

/** Longer than any patience of a node. */
const STILL_MS = 6000;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { LEASE_MS: 60_000 } });
  return cluster.stop;
});

/** Everything that runs here stands still, nodes too. */
function standStill(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STILL_MS);
}

test("what the one says before the other is told reaches it also where the machine stands still meanwhile", async () => {
  const [one, two] = (await Promise.all([cluster.connect(0), cluster.connect(1)])) as [TestClient, TestClient];
  for (const client of [one, two]) await client.join();
  const roomId = await pairUpTo(cluster, "one told");
  for (const event of ["waiting_for_partner", "partner_found"]) await one.receive(event);
  const session = keys.session(String(two.socket.id));
  let tries = 0;
  const stop = await openMonitor(cluster.redis, ([name, ...args]) => {
    if (name?.toLowerCase() === "evalsha" && args.includes(session)) tries += 1;
  });
  const answer = one.request("offer", { roomId, offer: {} });
  await until("it to be tried again", () => tries > 2);
  stop();
  standStill();
  await cluster.start("matchmaker");
  expect(await answer).toMatchObject({ ok: true });
  await two.receive("partner_found");
  expect(await two.receive("offer")).toEqual({ offer: {} });
});
