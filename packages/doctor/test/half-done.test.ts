import { detach, endSession, finishRecovery, type Participant } from "@switchyard/core";
import type { DialectName } from "@switchyard/protocol";
import { keys } from "@switchyard/store";
import { openInspection, readKeyName } from "@switchyard/store/inspection";
import { CleanUp } from "@switchyard/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { suspect } from "../src/index.ts";
import { World } from "./world.ts";

const cleanUp = new CleanUp();
let world: World;
beforeAll(async () => {
  world = await World.open(cleanUp);
});
afterAll(cleanUp.run);
beforeEach(() => world.begin());

const suspected = async () => (await world.suspicions()).map(({ check }) => check.name);
/** Its node is found to be dead. */
const lose = ({ session }: Participant) => detach(world.cluster, session, world.node, undefined);
/** It goes on at another node, which finishes what was left half done. */
async function resume({ session, dialect }: Participant): Promise<void> {
  const resumed = await world.store.sessions.resume(session, "secret", 0, world.node);
  if (typeof resumed === "string") throw new Error(resumed);
  await world.store.nodes.hold(world.node, session);
  await finishRecovery(world.contextOf(dialect as DialectName), session, resumed.epoch, resumed.record);
}

/** What a node had done when it died over a step, and what is seen of it while its lease still counts. */
const halfDone: readonly (readonly [what: string, seen: readonly string[], make: () => Promise<Participant>])[] = [
  [
    "a session was opened and not counted",
    ["session-presence"],
    async () => {
      const participant = await world.connect("match");
      await world.store.presence.remove("match", participant.session);
      return participant;
    },
  ],
  [
    "a session had noted whom it is to stand for",
    [],
    async () => {
      const participant = await world.connect("rooms");
      await world.store.sessions.setUser(participant.session, "ann", undefined, 1);
      return participant;
    },
  ],
  [
    "somebody had asked for a ticket that is in no queue",
    ["session-ticket"],
    async () => {
      const participant = await world.waiting();
      await world.store.queues.dequeue(participant.session, { queue: "chat", number: 1 });
      return participant;
    },
  ],
  [
    "somebody had taken a user's place, and the former was not evicted",
    ["user-sessions"],
    async () => {
      const former = await world.waiting();
      const newer = await world.connect("random");
      await world.store.sessions.setUser(newer.session, former.user ?? "", undefined, 1);
      await world.store.users.claim("random", former.user ?? "", newer.session);
      return newer;
    },
  ],
  [
    "somebody had begun to leave a pair, and the partner was not told",
    ["pair-rooms", "pair-seats", "pair-seats"],
    async () => {
      const { room, one } = await world.pair();
      await world.store.rooms.close(room);
      return one;
    },
  ],
  [
    "somebody had begun to leave a pair, and the partner is out of it and gone",
    ["pair-rooms", "pair-seats"],
    async () => {
      const { room, one, two } = await world.pair();
      await world.store.rooms.close(room);
      await world.store.outboxes.unseat(two.session, room, '["partner_left"]');
      await endSession(world.cluster, two.session, world.node, 1);
      return one;
    },
  ],
];

describe("what a node that died had not finished is not found while it waits to be finished:", () => {
  test.for(halfDone)("%s", async ([, seen, make]) => {
    const participant = await make();
    expect((await suspected()).toSorted()).toEqual(seen);
    await lose(participant);
    expect(await suspected()).toEqual([]);
    await resume(participant);
    if (seen.includes("session-presence")) await world.store.presence.add("match", participant.session); // by its gateway
    expect(await suspected()).toEqual([]);
  });
});

test("a node that was forgotten between the scan and the look is none that is kept", async () => {
  const name = keys.nodeSessions("forgotten");
  const inspection = openInspection(world.redis);
  const keyspace = {
    ...inspection.keyspace,
    async *scan() {
      yield [{ name, known: readKeyName(name), isJob: false, at: world.redis }];
    },
  } as unknown as typeof inspection.keyspace;
  const patient = { store: world.store, inspection: { ...inspection, keyspace }, timing: { leaseMs: 10, sweepMs: 10 } };
  expect(await suspect(patient)).toEqual({ keys: 1, suspicions: [] });
});
