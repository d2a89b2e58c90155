import { CleanUp, startCluster, startRedisCluster, type TestCluster } from "@switchyard/testkit";
import { afterAll, afterEach, beforeAll, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import { patient } from "../patient.ts";
import { drivers } from "./drivers.ts";
import { served } from "./served.ts";
import { meetTalkAndPart } from "./whole-visit.ts";

const cleanUp = new CleanUp();
let cluster: TestCluster;
beforeAll(async () => {
  const redis = await startRedisCluster(cleanUp);
  cluster = await startCluster({ dialects: served, redis, environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});
afterEach(() => cluster.empty());
afterAll(cleanUp.run);

test.each(drivers)(
  "$dialect, on a Redis Cluster of three masters: two meet, talk, one comes back at another node, and goes",
  (driver) => meetTalkAndPart(driver, cluster),
);
