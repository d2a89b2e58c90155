import {
  expectNothingMore,
  pairClients,
  startCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";

const MATCH_WIDEN_MS = 700;
/** What the clocks of a node and of a matchmaker may be off from Redis's, together. That it takes longer does not matter. */
const TOLERANCE_MS = 300;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: { ...patient, MATCH_WIDEN_MS } });
  await clocksToBeRight();
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** A look at Redis's clock is off by half of what it took: a node says by how much it is, a matchmaker looks with each sweep. */
async function clocksToBeRight(): Promise<void> {
  if (cluster.matchmakers.length === 0) return; // a deployment's are not to be asked
  const isRight = async () => {
    const errors = cluster.nodes.map((node) => node.metric("switchyard_clock_error_seconds"));
    const sweeps = cluster.matchmakers.map((matchmaker) => matchmaker.metric("switchyard_sweeps_total"));
    const areSmall = (await Promise.all(errors)).every((seconds) => seconds * 1000 < TOLERANCE_MS / 2);
    return areSmall && (await Promise.all(sweeps)).every((count) => count >= 3);
  };
  await until("clocks to be right", isRight);
}

const pair = () => Promise.all([cluster.connect(0), cluster.connect(1)]);

/** Lets both wait; resolves to how long the later one did until it met the other, in ms. */
async function msToMeet(one: TestClient, two: TestClient, preferences: [object, object] = [{}, {}]): Promise<number> {
  await one.join({ preferences: preferences[0] });
  const from = performance.now();
  await two.join({ preferences: preferences[1] });
  for (const client of [one, two]) await client.receive("waiting_for_partner");
  expect(await two.receive("partner_found")).toMatchObject({ partnerId: one.user });
  const ms = performance.now() - from;
  expect(await one.receive("partner_found")).toMatchObject({ partnerId: two.user });
  return ms;
}

async function leavePair(one: TestClient, two: TestClient, event = "leave_room"): Promise<void> {
  const found = one.received.findLast(({ name }) => name === "partner_found")?.args[0] as
    | { roomId: string }
    | undefined;
  expect(await one.request(event, { roomId: found?.roomId })).toEqual({ ok: true });
  await two.receive("partner_disconnected");
}

describe("preferences are soft", () => {
  test.each([
    ["language", { language: "de" }, { language: "fr" }],
    ["region", { region: "eu" }, { region: "us" }],
    ["interests", { interests: ["chess"] }, { interests: ["go"] }],
  ])("after the widening time who differs in %s will do", async (_, one, two) => {
    const [ann, bob] = await pair();
    expect(await msToMeet(ann, bob, [one, two])).toBeGreaterThan(MATCH_WIDEN_MS - TOLERANCE_MS);
    await expectNothingMore(ann, bob);
  });

  test("after the widening time who was to be avoided will do", async () => {
    const [ann, bob] = await pair();
    const waited = await msToMeet(ann, bob, [{ avoid: [bob.user] }, {}]);
    expect(waited).toBeGreaterThan(MATCH_WIDEN_MS - TOLERANCE_MS);
    await expectNothingMore(ann, bob);
  });

  test("where nobody else is there, recent partners are met again after three fifths of it", async () => {
    const [ann, bob] = await pair();
    await pairClients(ann, bob);
    await leavePair(ann, bob);
    expect(await msToMeet(ann, bob)).toBeGreaterThan(0.6 * MATCH_WIDEN_MS - TOLERANCE_MS);
    for (const { received } of [ann, bob]) expect(received.at(-1)?.args[0]).toMatchObject({ isRepeatConnection: true });
    await expectNothingMore(ann, bob);
  });

  test("who gives up and asks again has its preferences bind anew", async () => {
    const [ann, bob] = await pair();
    const waits = [{ language: "de" }, { language: "fr" }] as [object, object];
    expect(await msToMeet(ann, bob, waits)).toBeGreaterThan(MATCH_WIDEN_MS - TOLERANCE_MS);
    await leavePair(ann, bob);
    await expectNothingMore(ann, bob);
  });

  test.each(["the one", "the other"])("whom %s has blocked is never met", async (who) => {
    const [ann, bob] = await pair();
    await pairClients(ann, bob);
    await (who === "the one" ? leavePair(ann, bob, "block_user") : leavePair(bob, ann, "block_user"));
    for (const client of [ann, bob]) {
      await client.join();
      await client.receive("waiting_for_partner");
    }
    // two recent partners who wait since after that: when they meet, these two would have
    const [cem, dan] = await pair();
    await pairClients(cem, dan, { type: "video" });
    await leavePair(cem, dan);
    for (const client of [cem, dan]) {
      await client.join({ type: "video" });
      await client.receive("waiting_for_partner");
    }
    for (const client of [cem, dan]) await client.receive("partner_found");
    await expectNothingMore(ann, bob, cem, dan);
  });
});
