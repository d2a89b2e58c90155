import { type TestCluster, until } from "@switchyard/testkit";
import { expect } from "vitest";
import { apart, expectToBeBack, say } from "./apart.ts";
import type { Driver } from "./driver.ts";
import { listen, numbersIn, range, settle } from "./hearing.ts";

/** All that two do who meet: they talk, one comes back at another node, and goes for good. */
export async function meetTalkAndPart(driver: Driver, cluster: TestCluster): Promise<void> {
  const { door, away, here, meeting, id } = await apart(driver, cluster, 1);
  const heard = listen(away, here);
  await Promise.all([say(meeting, away, range(20)), say(meeting, here, range(20))]);
  door.leadTo(cluster.node(0).port);
  away.cut();
  await say(meeting, here, [20]);
  await expectToBeBack(away, id);
  await say(meeting, away, [20]);
  await settle(away, here);
  expect([numbersIn(heard(away)), numbersIn(heard(here))]).toEqual([range(21), range(21)]);
  away.leave();
  for (const name of driver.left) {
    await until(`${name} to be heard`, () => heard(here).some(([event]) => event === name));
  }
}
