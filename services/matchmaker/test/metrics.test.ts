import { type LastingRedis, startCluster, startLastingRedis, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";

let redis: LastingRedis;
let cluster: TestCluster;
beforeAll(async () => {
  redis = await startLastingRedis();
  return redis.stop;
});
beforeAll(async () => {
  cluster = await startCluster({ redis, nodes: 2, matchmakers: 2, environment: { RECONNECT_GRACE_MS: 60_000 } });
  return cluster.stop;
});

const metric = (name: string, matchmaker = cluster.matchmakers[0]) => matchmaker?.metric(`switchyard_${name}`);
const labeled = (name: string, label: string) => metric(`${name}\\{${label}.*\\}`);

test("what is cluster-wide is counted when it is asked for", async () => {
  const [ann, bob] = [await cluster.connect(0), await cluster.connect(1)];
  const from = performance.now();
  await ann.join();
  await ann.hear("waiting_for_partner");
  expect(await labeled("queue_length", 'queue="chat"')).toBe(1);
  await until(
    "its wait to be told",
    async () => ((await labeled("queue_longest_wait_seconds", 'queue="chat"')) ?? 0) > 0.2,
  );
  expect(await labeled("queue_longest_wait_seconds", 'queue="chat"')).toBeLessThan(
    (performance.now() - from) / 1000 + 1,
  );
  expect(await labeled("queue_longest_wait_seconds", 'queue="video"')).toBe(0);
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
    return (await Promise.all(done)).some((count) => (count ?? 0) > 0);
  });
});

test("what Redis says of itself", async () => {
  expect(await metric("redis_up")).toBe(1);
  expect(await metric('redis_info\\{version="\\d+.*role="master".*\\}')).toBe(1);
  for (const name of ["memory_used_bytes", "clients", "clients_max", "commands_processed_total", "cpu_seconds_total"]) {
    expect([name, await metric(`redis_${name}`)]).toEqual([name, expect.any(Number)]);
    expect([name, (await metric(`redis_${name}`)) ?? 0]).not.toEqual([name, 0]);
  }
  expect([await metric("redis_aof_enabled"), await metric("redis_aof_write_ok")]).toEqual([1, 1]);
  expect([await metric("redis_evicted_keys_total"), await metric("redis_replicas")]).toEqual([0, 0]);
  expect(await labeled("redis_commands_total", 'command="evalsha"')).toBeGreaterThan(0);
});

test("while Redis is away a matchmaker tells that, and everything else, within the time of a scrape", async () => {
  await redis.crash();
  await until("it to be told", async () => (await metric("redis_up")) === 0);
  const from = performance.now();
  const [matchmaker, node] = [cluster.matchmakers[0], cluster.node(0)];
  const text = await (await fetch(`${matchmaker?.url}/metrics`)).text();
  expect(performance.now() - from).toBeLessThan(10_000); // the default of Prometheus
  expect(text).toMatch(/^switchyard_build_info\{/m);
  expect(text).not.toMatch(/^switchyard_(queue_length|redis_clients)\{/m);
  expect(await node.metric("switchyard_ready")).toBe(0);
  expect(await metric("ready")).toBe(0);
  await redis.startAgain();
  await until("it to be told", async () => (await metric("redis_up")) === 1 && (await metric("ready")) === 1);
});
