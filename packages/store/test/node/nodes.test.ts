import { expect, test } from "vitest";
import { keys } from "../../src/keys.ts";
import { newId, useBench } from "../workbench.ts";

const bench = useBench(256, true);

test("N1: who renews too late is told so", async () => {
  const node = newId();
  const { nodes } = bench.store;
  expect((await nodes.renew(node, 60_000)).inTime).toBe(false); // it had none
  expect((await nodes.renew(node, 60_000)).inTime).toBe(true);
  await bench.redis.zadd(keys.leases(), 1, node); // long ago
  expect((await nodes.renew(node, 60_000)).inTime).toBe(false);
  expect((await nodes.renew(node, 60_000)).inTime).toBe(true);
  await bench.redis.zrem(keys.leases(), node);
});

test("N1: who renews in time is told how many nodes are alive, without those whose lease has run out", async () => {
  const [node, other, dead] = [newId(), newId(), newId()];
  const { nodes } = bench.store;
  expect((await nodes.renew(node, 60_000)).nodes).toBeUndefined();
  const { nodes: before = 0 } = await nodes.renew(node, 60_000);
  await nodes.renew(other, 60_000);
  await bench.redis.zadd(keys.leases(), 1, dead);
  expect((await nodes.renew(node, 60_000)).nodes).toBe(before + 1);
  await bench.redis.zrem(keys.leases(), node, other, dead);
});

test("N2: a node whose lease has run out is listed until it is forgotten, and not forgotten while it lives", async () => {
  const node = newId();
  const { nodes } = bench.store;
  await nodes.describe(node, { service: "signaling" });
  await nodes.renew(node, 60_000);
  expect(await nodes.expired()).not.toContain(node);
  await nodes.forget(node);
  expect(await bench.redis.zscore(keys.leases(), node)).not.toBeNull();
  await bench.redis.zadd(keys.leases(), 1, node);
  expect(await nodes.expired()).toContain(node);
  await nodes.forget(node);
  expect(await nodes.expired()).not.toContain(node);
  expect(await bench.redis.exists(keys.nodeInfo(node))).toBe(0);
});

test("N3: a session is due when its grace is over, and not when it is held again", async () => {
  const node = newId();
  const { nodes, clock } = bench.store;
  for (const session of ["live", "late", "early", "back"]) await nodes.expect(node, session);
  await nodes.holdUntil(node, "late", clock.now() - 1);
  await nodes.holdUntil(node, "early", clock.now() + 60_000);
  await nodes.holdUntil(node, "back", clock.now() - 1);
  await nodes.expect(node, "late"); // what is noted already stays
  await nodes.hold(node, "back");
  expect(await nodes.due(node, 9)).toEqual(["late"]);
  expect([...(await nodes.held(node))].sort()).toEqual(["back", "live"]);
  for (const session of ["live", "late", "early", "back"]) await nodes.release(node, session);
  await bench.redis.zrem(keys.leases(), node);
});

test("N4: a node that expects a session is listed, though it was forgotten", async () => {
  const node = newId();
  const { nodes } = bench.store;
  await nodes.expect(node, "session");
  expect(await nodes.expired()).toContain(node);
  await nodes.forget(node); // it came back in this very moment
  expect(await nodes.expired()).toContain(node);
  await nodes.renew(node, 60_000);
  await nodes.expect(node, "another");
  expect(await nodes.expired()).not.toContain(node);
});

test("N6: a node says in which time its clients notice that it is gone, or that it said nothing is known", async () => {
  const node = newId();
  const { nodes } = bench.store;
  expect(await nodes.noticeMs(node)).toBeUndefined();
  await nodes.describe(node, { service: "signaling" });
  expect(await nodes.noticeMs(node)).toBeUndefined();
  await nodes.describe(node, { noticeMs: "soon" });
  expect(await nodes.noticeMs(node)).toBeUndefined();
  await nodes.describe(node, { noticeMs: "0" });
  expect(await nodes.noticeMs(node)).toBe(0);
  await nodes.describe(node, { noticeMs: "9000" });
  expect(await nodes.noticeMs(node)).toBe(9000);
  await bench.redis.del(keys.nodeInfo(node));
});

test("N7: a node learns of a few other living nodes, and where they are reached", async () => {
  const [own, dead, mute, ...others] = Array.from({ length: 7 }, () => newId());
  const { nodes } = bench.store;
  const all = [own, dead, mute, ...others] as string[];
  for (const node of all) {
    await nodes.renew(node, 60_000);
    await nodes.describe(node, { service: "signaling", ...(node !== mute && { addresses: `${node}:1,${node}:2` }) });
  }
  await bench.redis.zadd(keys.leases(), 1, String(dead));
  const seen = new Set<string>();
  for (let look = 0; look < 200; look += 1) {
    const neighbours = await nodes.neighbours(String(own), 2);
    expect(neighbours.length).toBeLessThanOrEqual(2);
    for (const { node, addresses } of neighbours) {
      expect(addresses).toEqual([`${node}:1`, `${node}:2`]);
      seen.add(node);
    }
  }
  expect([...seen].sort()).toEqual(others.toSorted());
  for (const node of all) await bench.redis.zrem(keys.leases(), node);
});
