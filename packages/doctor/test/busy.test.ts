import { openInspection } from "@switchyard/store/inspection";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { type Diagnosis, examine } from "../src/index.ts";
import { Crowd } from "./crowd.ts";

const JWT_SECRET = "a secret that these tests alone know";
const PEOPLE = 10;
/** Not long: so often nodes put right what is not theirs, and so long the doctor waits for that. */
const LEASE_MS = 3000;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: { JWT_SECRET, LEASE_MS } });
  return cluster.stop;
});

let crowd: Crowd;
afterEach(() => crowd.end());

/** What `sy doctor` does. */
function examineNow(): Promise<Diagnosis> {
  const { store, redis } = cluster;
  const patient = { store, inspection: openInspection(redis), timing: { leaseMs: LEASE_MS, sweepMs: 1000 } };
  return examine(patient, { confirmAfterMs: 1000, pace: { count: 1000, pauseMs: 0 } });
}

test("a busy cluster, full of things half done, gives no finding", async () => {
  crowd = await Crowd.gather(cluster, PEOPLE, JWT_SECRET);
  await until("them to be busy", () => crowd.resumed > 0 && crowd.done > PEOPLE);
  let suspected = 0;
  while (suspected === 0) {
    const diagnosis = await examineNow();
    expect(diagnosis.findings.map(({ check, problem }) => `${check}: ${problem}`)).toEqual([]);
    suspected = diagnosis.suspected;
  }
});
