import { keys } from "@switchyard/store";
import { type Environment, type ServiceProcess, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import { patient } from "../patient.ts";
import { numbersOf, type SetStage, stages, stagesPastLease } from "./waking.ts";

const LATE = [100, 101, 102, 103, 104];

let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, JWT_SECRET, MATCH_WIDEN_MS: 50 };
  cluster = await startCluster({ nodes: 1, matchmakers: 1, environment });
  return cluster.stop;
});

const leaseEnd = async ({ id }: ServiceProcess) => Number(await cluster.redis.zscore(keys.leases(), id));

/**
 * A node stands still with a client's events in its socket. The client comes anew elsewhere, and sends more; then the node wakes up.
 * @param standing for as long as it stands still
 */
async function wakeUpLate(
  setStage: SetStage,
  lease: Environment,
  standing: (node: ServiceProcess) => Promise<unknown>,
) {
  const still = await cluster.startProcess("signaling", lease);
  onTestFinished(still.stop);
  const proxy = await cluster.proxy(still);
  const { old, bob, send, anew } = await setStage(cluster, proxy);
  await until("one to be accepted", async () => (await send(old, 1)).ok); // its lease is short, and the machine may stand still
  old.socket.io.reconnection(false);
  still.signal("SIGSTOP");
  const before = proxy.forwardedBytes;
  const late = LATE.map((n) =>
    send(old, n).then(
      ({ ok }) => ok,
      () => false,
    ),
  ); // refused, or its connection is closed
  await until("them to lie in the node's socket", () => proxy.forwardedBytes > before + LATE.length * 20);
  const { fresh, send: sendAnew } = await anew();
  for (const n of [200, 201]) expect(await sendAnew(fresh, n)).toMatchObject({ ok: true });
  await standing(still);
  still.signal("SIGCONT");
  expect(await Promise.all(late)).toEqual(LATE.map(() => false));
  await until("it to hold its lease", async () => (await leaseEnd(still)) > cluster.store.clock.now());
  expect(await sendAnew(fresh, 202)).toMatchObject({ ok: true });
  await until("that to arrive", () => numbersOf(bob).includes(202));
  expect(numbersOf(bob)).toEqual([1, 200, 201, 202]);
}

test.each(Object.entries(stages))(
  "%s: a node that stood still for less than its lease sends nothing of a session after what its user sent since",
  (_, setStage) => wakeUpLate(setStage, {}, async () => {}),
);

test.each(Object.entries(stagesPastLease))(
  "%s: a node that stood still for longer than its lease sends nothing of what lay in its sockets",
  (_, setStage) =>
    wakeUpLate(setStage, { LEASE_MS: 3000 }, (node) =>
      until("its lease to be over", async () => (await leaseEnd(node)) < cluster.store.clock.now()),
    ),
);
