import { roomNamed } from "@switchyard/protocol";
import { expectNothingMore, startCluster, type TestClient, type TestCluster, until, waysTo } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { newMatch, pairIn, register } from "./registered.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const full = { ok: false, error: { code: "match_full", message: expect.any(String), retryable: true } };
const joined = (matchId: string, self: TestClient, ...others: TestClient[]) => ({
  matchId,
  userId: self.user,
  participants: [...others, self].map(({ user }) => user),
  participantCount: others.length + 1,
});

describe.each(waysTo("match"))("register $way", (options) => {
  const connect = (node: number) => cluster.connect(node, options);

  test("the first creates the match and is alone, the second is told of both, the first of the second", async () => {
    const [ann, bob] = await Promise.all([connect(0), connect(1)]);
    const matchId = newMatch();
    expect(await register(ann, matchId)).toEqual({ ok: true });
    expect(await ann.receive("joined")).toEqual(joined(matchId, ann));
    expect(await register(bob, matchId)).toEqual({ ok: true });
    expect(await bob.receive("joined")).toEqual(joined(matchId, bob, ann));
    expect(await ann.receive("user-joined")).toEqual({ userId: bob.user, participantCount: 2 });
    await expectNothingMore(ann, bob);
  });

  test("without a callback the same is told, and nothing else", async () => {
    const [ann, bob] = await Promise.all([connect(0), connect(1)]);
    const matchId = newMatch();
    ann.send("register", { userId: ann.user, matchId });
    expect(await ann.receive("joined")).toEqual(joined(matchId, ann));
    bob.send("register", { userId: bob.user, matchId });
    expect(await bob.receive("joined")).toEqual(joined(matchId, bob, ann));
    expect(await ann.receive("user-joined")).toEqual({ userId: bob.user, participantCount: 2 });
    await expectNothingMore(ann, bob);
  });

  test("both at the same moment: each knows of the other, by one event", async () => {
    for (let round = 0; round < 5; round += 1) {
      const [ann, bob] = await Promise.all([connect(0), connect(1)]);
      const matchId = newMatch();
      const answers = await Promise.all([register(ann, matchId), register(bob, matchId)]);
      expect(answers).toEqual([{ ok: true }, { ok: true }]);
      const counts = await Promise.all(
        [ann, bob].map(async (client) => (await client.receive("joined"))["participantCount"]),
      );
      expect(Math.max(...(counts as number[]))).toBe(2);
      for (const [client, other, count] of [[ann, bob, counts[0]] as const, [bob, ann, counts[1]] as const]) {
        if (count === 2) continue; // its list had both already
        expect(await client.receive("user-joined")).toEqual({ userId: other.user, participantCount: 2 });
      }
      await expectNothingMore(ann, bob);
    }
  });

  test("a third: match_full; it hears and reaches nobody", async () => {
    const { ann, bob, matchId } = await pairIn(cluster, options);
    const cem = await connect(0);
    expect(await register(cem, matchId)).toEqual(full);
    cem.send("register", { userId: cem.user, matchId });
    expect(await cem.receive("error")).toEqual({ type: "match_full", message: expect.any(String) });
    for (const [event, body] of Object.entries({ offer: { offer: {} }, "initiate-call": {}, "end-call": {} })) {
      expect((await cem.request(event, { to: ann.user, ...body })).error?.code, event).toBe("not_joined");
    }
    expect(await ann.request("end-call", {})).toEqual({ ok: true });
    expect(await bob.receive("call-ended")).toEqual({ from: ann.user });
    expect((await ann.request("offer", { to: cem.user, offer: {} })).error?.code).toBe("user_offline");
    await expectNothingMore(ann, bob, cem);
  });

  test("a seat that is free again is given", async () => {
    const { ann, bob, matchId } = await pairIn(cluster, options);
    const cem = await connect(0);
    expect(await register(cem, matchId)).toEqual(full);
    bob.leave();
    expect(await ann.receive("user-left")).toEqual({ userId: bob.user });
    expect(await register(cem, matchId)).toEqual({ ok: true });
    expect(await cem.receive("joined")).toEqual(joined(matchId, cem, ann));
    expect(await ann.receive("user-joined")).toEqual({ userId: cem.user, participantCount: 2 });
    await expectNothingMore(ann, cem);
  });

  test("many for the two seats: two get them", async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, (_, i) => connect(i % 2)));
    const matchId = newMatch();
    const answers = await Promise.all(clients.map((client) => register(client, matchId)));
    const inside = clients.filter((_, i) => answers[i]?.ok);
    expect(inside).toHaveLength(2);
    for (const answer of answers) if (!answer.ok) expect(answer).toEqual(full);
    for (const client of inside) {
      const { participantCount } = await client.receive("joined");
      if (participantCount === 1) expect(await client.receive("user-joined")).toMatchObject({ participantCount: 2 });
    }
    for (const client of clients) await client.caughtUp();
    expect(inside.flatMap((client) => client.unread())).toEqual([]);
    expect(clients.filter((client) => !inside.includes(client)).flatMap((client) => client.unread())).toEqual([]);
  });

  test("the same again changes nothing: the reply is repeated, the other hears nothing", async () => {
    const { ann, bob, matchId } = await pairIn(cluster, options);
    for (const client of [ann, bob]) expect(await register(client, matchId)).toEqual({ ok: true });
    expect(await ann.receive("joined")).toEqual({ ...joined(matchId, bob, ann), userId: ann.user });
    expect(await bob.receive("joined")).toEqual(joined(matchId, bob, ann));
    await expectNothingMore(ann, bob);
  });

  test("registering for another match leaves the first", async () => {
    const { ann, bob, matchId } = await pairIn(cluster, options);
    const other = newMatch();
    expect(await register(ann, other)).toEqual({ ok: true });
    expect(await ann.receive("joined")).toEqual(joined(other, ann));
    expect(await bob.receive("user-left")).toEqual({ userId: ann.user });
    expect((await bob.request("offer", { to: ann.user, offer: {} })).error?.code).toBe("user_offline");
    expect(await register(ann, matchId)).toEqual({ ok: true });
    expect(await ann.receive("joined")).toEqual(joined(matchId, ann, bob));
    expect(await bob.receive("user-joined")).toEqual({ userId: ann.user, participantCount: 2 });
    await expectNothingMore(ann, bob);
  });

  test("registering for a full match leaves everything as it was", async () => {
    const { ann, bob } = await pairIn(cluster, options);
    const others = await pairIn(cluster, options);
    expect(await register(ann, others.matchId)).toEqual(full);
    expect(await register(ann, others.matchId, `${ann.user}-2`)).toEqual(full);
    expect(await ann.request("offer", { to: bob.user, offer: {} })).toEqual({ ok: true });
    expect(await bob.receive("offer")).toEqual({ offer: {}, from: ann.user });
    expect(await bob.request("offer", { to: ann.user, offer: {} })).toEqual({ ok: true });
    expect(await ann.receive("offer")).toEqual({ offer: {}, from: bob.user });
    await expectNothingMore(ann, bob, others.ann, others.bob);
  });

  test("as another user: the match hears that the one left and the other came", async () => {
    const { ann, bob, matchId } = await pairIn(cluster, options);
    const userId = `${ann.user}-2`;
    expect(await register(ann, matchId, userId)).toEqual({ ok: true });
    expect(await ann.receive("joined")).toMatchObject({ userId, participants: [bob.user, userId] });
    expect(await bob.receive("user-left")).toEqual({ userId: ann.user });
    expect(await bob.receive("user-joined")).toEqual({ userId, participantCount: 2 });
    expect((await bob.request("offer", { to: ann.user, offer: {} })).error?.code).toBe("user_offline");
    expect(await ann.request("offer", { to: bob.user, offer: {} })).toEqual({ ok: true });
    expect(await bob.receive("offer")).toEqual({ offer: {}, from: userId });
    await expectNothingMore(ann, bob);
  });

  test("a match with nobody in it is gone", async () => {
    const { ann, bob, matchId } = await pairIn(cluster, options);
    const room = roomNamed("match", matchId);
    const created = (await cluster.store.memberships.roster(room))?.created;
    for (const client of [ann, bob]) client.leave();
    await until("it to be gone", async () => (await cluster.store.memberships.roster(room)) === undefined);
    expect(await cluster.redis.keys(`*${matchId}*`)).toEqual([]);
    const again = await pairIn(cluster, options, matchId);
    expect((await cluster.store.memberships.roster(room))?.created).toBeGreaterThan(created ?? Number.NaN);
    await expectNothingMore(again.ann, again.bob);
  });
});
