import { expectNothingMore, startCluster, type TestCluster, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { meetIn } from "./joined.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

async function participantsIn(roomId: string): Promise<unknown> {
  const response = await fetch(`${cluster.node(1).url}/api/room/${roomId}`);
  return ((await response.json()) as { participantCount?: number }).participantCount;
}

describe.each(waysTo("rooms"))("a room of POST /api/create-room $way", (options) => {
  test.each([{}, { "content-type": "application/json" }])("is there before anybody joins, with %j", async (headers) => {
    const response = await fetch(`${cluster.node(0).url}/api/create-room`, { method: "POST", headers });
    const { roomId, message } = (await response.json()) as { roomId: string; message: string };
    expect([response.status, roomId, message]).toEqual([
      200,
      expect.stringMatching(/^[0-9A-Z]{8}$/),
      expect.any(String),
    ]);
    expect(await participantsIn(roomId)).toBe(0);
    const [ann, bob] = await Promise.all([cluster.connect(0, options), cluster.connect(1, options)]);
    const { participants } = await meetIn(roomId, ann, bob);
    expect(participants.map(({ name, isAdmin }) => [name, isAdmin])).toEqual([
      [ann.user, true],
      [bob.user, false],
    ]);
    expect(await participantsIn(roomId)).toBe(2);
    for (const client of [ann, bob]) expect(await client.request("leave-room")).toEqual({ ok: true });
    expect(await participantsIn(roomId)).toBe(0);
    for (const event of ["left-room", "user-left", "participants-updated"]) {
      const receiver = event === "left-room" ? ann : bob;
      await receiver.receive(event);
    }
    await bob.receive("left-room");
    await expectNothingMore(ann, bob);
  });
});
