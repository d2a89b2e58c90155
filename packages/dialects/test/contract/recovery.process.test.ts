import { type Ended, type ServiceProcess, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import { endLease } from "../ending.ts";
import { patient } from "../patient.ts";
import { apart, expectToBeBack, say } from "./apart.ts";
import { drivers } from "./drivers.ts";
import { catchUp, listen, nothingSince, numbersIn, range } from "./hearing.ts";
import { served } from "./served.ts";

/** What is sent before the node is killed, and after. */
const [BEFORE, AFTER] = [range(100), range(150).slice(100)];

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ dialects: served, nodes: 1, environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});

/** In each dialect two who have met: one at the victim, behind a door of its own, and one at the node that stays. */
async function meetAll(victim: ServiceProcess) {
  const scenes = drivers.map(async (driver) => {
    const scene = await apart(driver, cluster, victim);
    return { ...scene, dialect: driver.dialect, heard: listen(scene.away, scene.here) };
  });
  return Promise.all(scenes);
}

type Scene = Awaited<ReturnType<typeof meetAll>>[number];

/** By the dialect of a test, for scenes that are there when it runs. */
const sceneIn = (scenes: readonly Scene[], { dialect }: { readonly dialect: string }) =>
  scenes.find((scene) => scene.dialect === dialect) as Scene;

describe("a node is killed", () => {
  let scenes: readonly Scene[];
  beforeAll(async () => {
    const victim = await cluster.startProcess("signaling");
    scenes = await meetAll(victim);
    const sent = scenes.map(({ meeting, here }) => say(meeting, here, BEFORE));
    for (const { heard: received, away } of scenes) await until("some to be heard", () => received(away).length > 10);
    await victim.kill();
    sent.push(...scenes.map(({ meeting, here }) => say(meeting, here, AFTER)));
    for (const { proxy } of scenes) proxy.routeTo(cluster.node(0).port);
    expect((await Promise.all(sent)).flat().every(({ ok }) => ok)).toBe(true);
    return async () => {
      await cluster.empty();
      await endLease(cluster, victim.id);
    };
  });

  test.each(drivers)(
    "$dialect: its client goes on at another, with all that it missed; nobody notices",
    async (driver) => {
      const { away, here, meeting, heard: received, id } = sceneIn(scenes, driver);
      await expectToBeBack(away, id);
      await say(meeting, away, range(10));
      await catchUp(away, here);
      expect(numbersIn(received(away))).toEqual([...BEFORE, ...AFTER]);
      expect(numbersIn(received(here))).toEqual(range(10));
      expect([received(away).length, received(here).length]).toEqual([BEFORE.length + AFTER.length, 10]);
    },
  );
});

describe("a node stops", () => {
  let scenes: readonly Scene[];
  let victim: ServiceProcess;
  let ended: Ended;
  beforeAll(async () => {
    victim = await cluster.startProcess("signaling");
    scenes = await meetAll(victim);
    for (const { proxy } of scenes) proxy.routeTo(cluster.node(0).port);
    victim.signal("SIGTERM");
    ended = await victim.ended;
    return cluster.empty;
  });

  test.each(drivers)(
    "$dialect: it says so, and its client goes on at another; the other side hears nothing",
    async (driver) => {
      const { away, here, meeting, heard: received, id } = sceneIn(scenes, driver);
      await expectToBeBack(away, id);
      expect(received(away)).toEqual([["server-shutdown", { message: expect.any(String) }]]);
      await nothingSince(received, here);
      await say(meeting, here, range(5));
      await catchUp(away);
      expect(numbersIn(received(away))).toEqual(range(5));
    },
  );

  test("it ends with 0, and nothing went wrong in it", () => {
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(victim.errors()).toEqual([]);
  });
});
