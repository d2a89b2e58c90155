import { openInspection } from "@switchyard/store/inspection";
import { type ServiceProcess, startProcessCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { type Diagnosis, examine } from "../src/index.ts";
import { Crowd } from "./crowd.ts";

const JWT_SECRET = "a secret that these tests alone know";
const LEASE_MS = 600;
const PEOPLE = 30;

let cluster: TestCluster<ServiceProcess>;
beforeAll(async () => {
  const environment = { JWT_SECRET, LEASE_MS, RECONNECT_GRACE_MS: 500, SHUTDOWN_MS: 200 };
  cluster = await startProcessCluster({ nodes: 3, environment });
  return cluster.stop;
});

let crowd: Crowd;
afterEach(() => crowd.end());

/** What `sy doctor` does. */
const examineNow = async (): Promise<Diagnosis> => {
  const { store, redis } = cluster;
  return examine({ store, inspection: openInspection(redis), timing: { leaseMs: LEASE_MS, sweepMs: 1000 } }, options);
};
/** Nothing is half done for so long, also where a process stands still meanwhile. */
const options = { confirmAfterMs: 3000, pace: { count: 1000, pauseMs: 0 } };
const problems = ({ findings }: Diagnosis) => findings.map(({ check, problem }) => `${check}: ${problem}`);

test("a busy cluster, full of things half done, gives no finding; nor does one whose nodes are killed, or stop", async () => {
  crowd = await Crowd.gather(cluster, PEOPLE, JWT_SECRET);
  await until("them to be busy", () => crowd.resumed > 0 && crowd.done > PEOPLE);
  const looks = [examineNow()];
  const [killed, stopped] = cluster.nodes.splice(0, 2);
  await killed?.kill();
  stopped?.signal("SIGTERM");
  looks.push(examineNow());
  await until("it to be known that a node is dead", async () => (await cluster.store.nodes.expired()).length > 0);
  looks.push(examineNow());
  for (const diagnosis of await Promise.all(looks)) {
    expect(problems(diagnosis)).toEqual([]);
    expect(diagnosis.suspected).toBeGreaterThan(0);
  }
  expect(await stopped?.ended).toMatchObject({ code: 0 });
});
