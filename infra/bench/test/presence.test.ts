import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { Guest, type Tally } from "../src/presence/guest.ts";
import { mannersOf, type PresenceDialect } from "../src/presence/manners.ts";

const JWT_SECRET = "a secret that signs the tokens of these guests";
const LISTED = 5;
/** Offsets and numbers of people become longer as they grow. */
const DIGITS = 6;

let cluster: TestCluster;

beforeAll(async () => {
  const environment = { JWT_SECRET, PEOPLE_LISTED: LISTED, PING_INTERVAL_MS: 300_000, LEASE_MS: 60_000 };
  cluster = await startCluster({ matchmakers: 0, environment });
});
afterAll(() => cluster.stop());

/** Guests of a dialect, who come to the nodes in turn, and what they were sent. */
function openDialect(dialect: PresenceDialect) {
  const tally: Tally = { arrived: 0, greetingBytes: 0, told: 0, toldBytes: 0, listBytes: 0 };
  const manners = mannersOf(dialect, JWT_SECRET);
  const guests: Guest[] = [];
  const faults: string[] = [];
  onTestFinished(() => {
    for (const guest of guests) guest.close();
  });
  const comeIn = async () => {
    const user = `user-${String(guests.length).padStart(6, "0")}`;
    const guest = new Guest(cluster.node(guests.length % 2).url, user, manners, tally, (fault) => faults.push(fault));
    guests.push(guest);
    await guest.arrival();
  };
  return { tally, guests, faults, comeIn };
}

function expectFlat(bytes: readonly number[]): void {
  expect(Math.max(...bytes) - Math.min(...bytes), bytes.join(", ")).toBeLessThanOrEqual(DIGITS);
}

test("calls: everyone is told once of each who comes, in as many bytes however many there are", async () => {
  const { tally, guests, faults, comeIn } = openDialect("calls");
  const [greetings, each]: [number[], number[]] = [[], []];
  while (guests.length < 4 * LISTED) {
    const before = { ...tally };
    const others = guests.length;
    await comeIn();
    await until("everyone to be told", () => tally.told >= before.told + others);
    if (others < LISTED) continue; // the list is longer for the next one
    greetings.push(tally.greetingBytes - before.greetingBytes);
    each.push((tally.toldBytes - before.toldBytes) / others);
  }
  expect(tally.told).toBe((guests.length * (guests.length - 1)) / 2);
  expect(faults).toEqual([]);
  expectFlat(greetings);
  expectFlat(each);
});

test("chat: everyone ends with the right number, and a list takes as many bytes however many there are", async () => {
  const { tally, guests, faults, comeIn } = openDialect("chat");
  const [greetings, lists]: [number[], number[]] = [[], []];
  const moreCome = async (count: number) => {
    const before = { ...tally };
    await Promise.all(Array.from({ length: count }, comeIn));
    await until("everyone to be told", () => guests.every(({ total }) => total === guests.length));
    return { greeted: (tally.greetingBytes - before.greetingBytes) / count, before };
  };
  await moreCome(LISTED);
  for (const count of [LISTED, 4 * LISTED]) {
    const { greeted, before } = await moreCome(count);
    greetings.push(greeted);
    lists.push((tally.toldBytes - before.toldBytes) / (tally.told - before.told));
  }
  expect(faults).toEqual([]);
  expectFlat(greetings);
  expectFlat(lists);
});
