import { setTimeout as wait } from "node:timers/promises";
import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { MortalMatchmakers } from "./mortal-matchmakers.ts";

const PEOPLE = 120;
/** People meet often enough here to be left with one whom they met before. */
const MATCH_WIDEN_MS = 300;

let cluster: TestCluster;
let matchmakers: MortalMatchmakers;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { LEASE_MS: 60_000 } });
  matchmakers = new MortalMatchmakers(cluster, { MATCH_WIDEN_MS });
  return matchmakers.stop;
});
beforeAll(() => matchmakers.start(3));

/** Joins, and joins again whenever its partner has gone. */
async function come(i: number): Promise<TestClient> {
  const client = await cluster.connect(i % 2);
  client.socket.on("partner_disconnected", () => client.send("join", { userId: client.user, type: "chat" }));
  expect(await client.join()).toEqual({ ok: true });
  return client;
}

/** A third take their wish back and join again, a sixth go away and somebody else comes: at any moment of their being paired. */
async function comeAndGo(i: number): Promise<TestClient> {
  await wait(Math.random() * 2500);
  const client = await come(i);
  if (i % 6 > 2) return client;
  await wait(Math.random() * 20);
  if (i % 6 === 2) {
    client.leave();
    return come(i);
  }
  expect(await client.request("leave_queue", {})).toEqual({ ok: true });
  expect(await client.join()).toEqual({ ok: true });
  return client;
}

test("people leave and come again while matchmakers are killed: everybody is in one room with one other, nobody is left", async () => {
  let coming = true;
  const killing = (async () => {
    while (coming) await matchmakers.killOne("chat");
  })();
  const clients = await Promise.all(Array.from({ length: PEOPLE }, (_, i) => comeAndGo(i)));
  coming = false;
  await killing;
  const { sessions, queues, assignments } = cluster.store;
  const seatOf = async ({ socket }: TestClient) => {
    const [[room, seat] = [], ...more] = [...((await sessions.read(String(socket.id)))?.seats ?? [])];
    expect(more).toEqual([]);
    return room !== undefined && seat?.kind === "pair" ? { id: socket.id, room, peer: seat.peer } : undefined;
  };
  await until("everybody to be in a room with another", async () => {
    const seats = await Promise.all(clients.map(seatOf));
    const byId = new Map(seats.map((seat) => [seat?.id, seat]));
    return seats.every(
      (seat) => seat && byId.get(seat.peer)?.peer === seat.id && byId.get(seat.peer)?.room === seat.room,
    );
  });
  await until("nothing to be open", async () => (await assignments.open("chat")) === 0);
  expect(await queues.figures("chat")).toMatchObject({ waiting: 0 });
});
