import { dialectNames } from "@switchyard/dialects";
import { keys } from "@switchyard/store";
import { CleanUp } from "@switchyard/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checks } from "../src/index.ts";
import { peopleDamage } from "./damage/people.ts";
import { queueDamage } from "./damage/queues.ts";
import { roomDamage } from "./damage/rooms.ts";
import { sessionDamage } from "./damage/sessions.ts";
import { World } from "./world.ts";

const cleanUp = new CleanUp();
let world: World;
beforeAll(async () => {
  world = await World.open(cleanUp);
});
afterAll(cleanUp.run);
beforeEach(() => world.begin());

const damages = [...sessionDamage, ...roomDamage, ...queueDamage, ...peopleDamage];

describe("damage that was done by hand is found, and put right where it can be:", () => {
  test.for(damages)("$check: $what", async ({ check, cause, isRepaired }) => {
    await populate();
    expect(await world.findings()).toEqual([]);
    const named = await cause(world);
    const findings = await world.findings();
    const found = findings.filter((finding) => finding.check === check);
    expect(found.map(({ problem }) => problem).join("\n")).toContain(named);
    expect(found.some(({ remedy }) => remedy !== undefined)).toBe(isRepaired);
    if (!isRepaired) return;
    expect(await world.repair(findings)).toEqual([]);
    await world.carryOutAssignment(); // whoever waits again is paired by nobody here
    expect(await world.findings()).toEqual([]);
  });
});

test("every check is shown to find something", () => {
  expect([...new Set(damages.map(({ check }) => check))].toSorted()).toEqual(checks.map(({ name }) => name).toSorted());
});

test("an empty Redis is healthy", async () => {
  await world.empty();
  expect(await world.findings()).toEqual([]);
});

test("a repair tells those who are concerned, in every dialect's own way", async () => {
  const { room, one, two } = await world.pair();
  await world.store.sessions.end(one.session, 1);
  await world.repair(await world.findings());
  expect(await world.store.rooms.state(room)).toBe("void");
  const [last] = await world.redis.xrevrange(keys.outbox(two.session), "+", "-", "COUNT", 1);
  expect(last?.[1]).toEqual(expect.arrayContaining(['["partner_disconnected",{}]']));
});

/** Somebody everywhere, so that what is right stands beside what is wrong. */
async function populate(): Promise<void> {
  await world.waiting();
  await world.pair();
  await world.meeting();
  await world.online();
  await world.chatting("ann");
  await world.chatting("ann");
  for (const dialect of dialectNames) if (dialect !== "chat") await world.connect(dialect);
}
