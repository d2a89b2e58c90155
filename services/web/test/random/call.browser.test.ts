import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findChromium } from "../browser/chromium.ts";
import { type RunningCluster, startCluster } from "../browser/cluster.ts";
import { Person } from "../browser/person.ts";

const STORY = "two strangers with a browser each";
const chromium = findChromium();

/** A front door that spreads connections puts two of them on one node now and then, not this many times in a row. */
const MOST_RELOADS = 30;
const START_MS = 180_000;
const CALL_MS = 90_000;

if ("path" in chromium) describe(STORY, { timeout: CALL_MS }, () => describeCalls(chromium.path));
else test(STORY, ({ skip }) => skip(chromium.missing));

function describeCalls(browserPath: string): void {
  let cluster: RunningCluster;
  let people: Person[] = [];

  beforeAll(async () => {
    cluster = await startCluster();
  }, START_MS);

  afterAll(() => cluster?.stop());

  beforeEach(async () => {
    for (const _ of ["one", "two"]) people.push(await Person.arrive(browserPath, cluster.url));
  });

  afterEach(async () => {
    const errors = people.flatMap((person) => person.errors);
    await Promise.all(people.map((person) => person.leave()));
    people = [];
    expect(errors).toEqual([]);
  });

  test("held on two nodes, they are paired, see each other and talk", async () => {
    const [one, two] = await heldApart(people);
    await meet(one, two);
    expect(await one.known("partner-node")).toBe(await two.read("own-node"));
    expect(await two.known("partner-node")).toBe(await one.read("own-node"));
    await Promise.all([one.playsPartnersVideo(), two.playsPartnersVideo()]);
    await talk(one, two);
  });

  test.for(["first", "second"])(
    "the call completes although the %s one's connection breaks right after they met",
    async (who) => {
      const [one, two] = await heldApart(people);
      const cut = who === "first" ? one : two;
      await cut.cutOnEntering();
      await meet(one, two);
      await cut.sees("recovered", "yes");
      await Promise.all([one.playsPartnersVideo(), two.playsPartnersVideo()]);
      expect(await cut.read("reconnects")).toBe("1");
      expect(await cut.read("same-socket")).toBe("yes");
      await talk(one, two);
    },
  );

  test("the call completes although one's node is killed right after they met", async () => {
    const [one, two] = await heldApart(people);
    const node = await two.read("own-node");
    await meet(one, two);
    await cluster.killNode(node);
    await two.sees("recovered", "yes");
    await Promise.all([one.playsPartnersVideo(), two.playsPartnersVideo()]);
    await two.changed("own-node", node);
    await talk(one, two);
  });
}

async function heldApart([one, two]: Person[]): Promise<[Person, Person]> {
  if (!one || !two) throw new Error("Two people are needed.");
  for (let reload = 0; (await one.read("own-node")) === (await two.read("own-node")); reload += 1) {
    if (reload === MOST_RELOADS) throw new Error("The front door puts everyone on one node.");
    await two.reload();
  }
  return [one, two];
}

async function meet(one: Person, two: Person): Promise<void> {
  await one.press("start-video");
  await two.press("start-video");
  expect(await one.known("room-id")).toBe(await two.known("room-id"));
}

async function talk(one: Person, two: Person): Promise<void> {
  await one.says("Hello from one side");
  await two.sees("messages", "Hello from one side");
  await two.says("and from the other");
  await one.sees("messages", "and from the other");
}
