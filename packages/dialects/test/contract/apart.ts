import type { Service, TestClient, TestCluster } from "@switchyard/testkit";
import { expect } from "vitest";
import type { Driver, Meeting } from "./driver.ts";
import { numbered } from "./hearing.ts";

/** One who is behind a door of its own, at a node to which something may happen, and one who is at the first node. */
export async function apart(driver: Driver, cluster: TestCluster, node: number | Service) {
  const proxy = await cluster.proxy(node);
  const [away, here] = await Promise.all([driver.connect(cluster, proxy), driver.connect(cluster, 0)]);
  const meeting = await driver.meet(away, here);
  return { proxy, away, here, meeting, id: away.socket.id };
}

export const say = ({ signal }: Meeting, from: TestClient, numbers: readonly number[]) =>
  Promise.all(numbers.map((i) => from.request(...signal(from, numbered(i)))));

export async function expectToBeBack(away: TestClient, id: string | undefined, times = 2): Promise<void> {
  await away.connected(times);
  expect([away.socket.recovered, away.socket.id]).toEqual([true, id]);
}
