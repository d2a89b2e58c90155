import { type TestCluster, until } from "@switchyard/testkit";
import { expect } from "vitest";
import { apart, expectToBeBack, say } from "./apart.ts";
import type { Driver } from "./driver.ts";
import { catchUp, listen, numbersIn, range } from "./hearing.ts";

/** All that two do who meet: they talk, one comes back at another node, and goes for good. */
export async function meetTalkAndPart(driver: Driver, cluster: TestCluster): Promise<void> {
  const { proxy, away, here, meeting, id } = await apart(driver, cluster, 1);
  const received = listen(away, here);
  await Promise.all([say(meeting, away, range(20)), say(meeting, here, range(20))]);
  proxy.routeTo(cluster.node(0).port);
  away.cut();
  await say(meeting, here, [20]);
  await expectToBeBack(away, id);
  await say(meeting, away, [20]);
  await catchUp(away, here);
  expect([numbersIn(received(away)), numbersIn(received(here))]).toEqual([range(21), range(21)]);
  away.leave();
  for (const name of driver.left) {
    await until(`${name} to be heard`, () => received(here).some(([event]) => event === name));
  }
}
