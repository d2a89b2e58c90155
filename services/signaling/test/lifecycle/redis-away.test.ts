import { CleanUp, expectNothingMore, pairClients, startCluster, startLastingRedis, until } from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { patient } from "../patient.ts";

test("who goes, or is cut off, while Redis is away is gone when it is back: the partners hear so", async () => {
  const cleanUp = new CleanUp();
  onTestFinished(cleanUp.run);
  const redis = await startLastingRedis();
  cleanUp.add(redis.stop);
  const environment = { ...patient, LEASE_MS: 600, MATCH_WIDEN_MS: 600_000 };
  const cluster = await startCluster({ redis, nodes: 1, environment });
  cleanUp.add(cluster.stop);
  const brief = await cluster.start("signaling", { RECONNECT_GRACE_MS: 500 });
  const pair = async () => {
    const [ann, bob] = await Promise.all([cluster.connect(brief), cluster.connect(0)]);
    await pairClients(ann, bob);
    return { ann, bob };
  };
  const [leaving, dropped] = [await pair(), await pair()];
  for (const matchmaker of cluster.matchmakers) await matchmaker.stop(); // its grace, for a lease that runs out, is longer
  await redis.crash();
  leaving.ann.leave();
  dropped.ann.socket.io.reconnection(false);
  dropped.ann.cut();
  await until("the node to have noticed", async () => (await brief.metric("switchyard_connections")) === 0);
  await redis.startAgain();
  for (const { bob } of [leaving, dropped]) expect(await bob.receive("partner_disconnected")).toEqual({});
  await until("only two to be there", async () => (await cluster.store.presence.count("random")) === 2);
  await expectNothingMore(leaving.bob, dropped.bob);
});
