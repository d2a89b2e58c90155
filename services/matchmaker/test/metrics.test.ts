import { startCluster, startRedis, type TestCluster, type TestRedis, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";

let redis: TestRedis;
let cluster: TestCluster;
beforeAll(async () => {
  redis = await startRedis({ appendOnly: true });
  return redis.stop;
});
beforeAll(async () => {
  const environment = { RECONNECT_GRACE_MS: 600_000, LEASE_MS: 60_000 };
  cluster = await startCluster({ redis, nodes: 2, matchmakers: 2, environment });
  return cluster.stop;
});

/** A metric's value. A metric that a matchmaker could not look up in time has none; it is asked again then. */
function metric(name: string, matchmaker = cluster.matchmakers[0]): Promise<number> {
  return until(`a value of ${name}`, async () => {
    const value = await matchmaker?.metric(`switchyard_${name}`);
    return Number.isNaN(value) ? undefined : value;
  });
}
const labeled = (name: string, label: string) => metric(`${name}\\{${label}.*\\}`);
const longestWait = (queue: string) => labeled("queue_longest_wait_seconds", `queue="${queue}"`);

test("what is cluster-wide is counted when it is asked for", async () => {
  const [ann, bob] = [await cluster.connect(0), await cluster.connect(1)];
  const from = performance.now();
  await ann.join();
  await ann.receive("waiting_for_partner");
  await until("it to wait", async () => (await labeled("queue_length", 'queue="chat"')) === 1);
  await until("its wait to be told", async () => (await longestWait("chat")) > 0.2);
  // seconds they are, though each process may be wrong about Redis's clock by half of the time that its look at it took
  expect(await longestWait("chat")).toBeLessThan((performance.now() - from) / 1000 + 60);
  expect(await longestWait("video")).toBe(0);
  expect(await labeled("participants", 'dialect="random"')).toBe(2);
  expect([await labeled("nodes", 'state="alive"'), await labeled("nodes", 'state="dead"')]).toEqual([2, 0]);
  const sessions = () =>
    Promise.all([labeled("sessions", 'state="connected"'), labeled("sessions", 'state="detached"')]);
  expect(await sessions()).toEqual([2, 0]);
  bob.socket.io.engine.close();
  bob.socket.disconnect();
  await until("the session to be ended or detached", async () => (await sessions())[0] === 1);
  ann.leave();
});

test("of all matchmakers one pairs a queue", async () => {
  await until("a leader", async () => {
    const leads = cluster.matchmakers.map((matchmaker) => metric('queue_led\\{queue="chat".*\\}', matchmaker));
    return (await Promise.all(leads)).filter((lead) => lead === 1).length === 1;
  });
});

test("sweeps are counted", async () => {
  await until("a sweep", async () => {
    const done = cluster.matchmakers.map((matchmaker) => metric('sweeps_total\\{outcome="done".*\\}', matchmaker));
    return (await Promise.all(done)).some((count) => count > 0);
  });
});

test("what Redis says of itself", async () => {
  await until("Redis to have answered in time", async () => (await metric("redis_up")) === 1);
  expect(await metric('redis_info\\{version="\\d+.*role="master".*\\}')).toBe(1);
  for (const name of ["memory_used_bytes", "clients", "clients_max", "commands_processed_total", "cpu_seconds_total"]) {
    expect([name, await metric(`redis_${name}`)]).toEqual([name, expect.any(Number)]);
    expect([name, await metric(`redis_${name}`)]).not.toEqual([name, 0]);
  }
  expect([await metric("redis_aof_enabled"), await metric("redis_aof_write_ok")]).toEqual([1, 1]);
  expect([await metric("redis_evicted_keys_total"), await metric("redis_replicas")]).toEqual([0, 0]);
  expect(await labeled("redis_commands_total", 'command="evalsha"')).toBeGreaterThan(0);
});
