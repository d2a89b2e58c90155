import { isDeepStrictEqual } from "node:util";
import {
  pairClients,
  type ServiceProcess,
  startProcessCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { patient } from "../patient.ts";
import { openAddress, renew, type ServedAddress } from "./rolling.ts";

const PAIRS = 4;

/** One who talks to the partner, and what was acknowledged. */
interface Talker {
  readonly client: TestClient;
  readonly partner: TestClient;
  readonly roomId: string;
  readonly acknowledged: number[];
}

async function openPair(
  cluster: TestCluster<ServiceProcess>,
  addresses: readonly ServedAddress[],
  index: number,
): Promise<[Talker, Talker]> {
  const at = (i: number) => (addresses[i % addresses.length] as ServedAddress).proxy;
  const [one, two] = await Promise.all([cluster.connect(at(index)), cluster.connect(at(index + 1))]);
  const roomId = await pairClients(one, two);
  const talker = (client: TestClient, partner: TestClient): Talker => ({ client, partner, roomId, acknowledged: [] });
  return [talker(one, two), talker(two, one)];
}

/** Sends numbered candidates, one after the other; what gets no answer is not sent again. */
async function talk({ client, roomId, acknowledged }: Talker, goesOn: () => boolean): Promise<void> {
  for (let i = 0; goesOn(); i += 1) {
    const answer = await client.request("ice_candidate", { roomId, candidate: { i } }).catch(() => undefined);
    if (answer?.ok) acknowledged.push(i);
    else if (answer) throw new Error(`refused: ${JSON.stringify(answer)}`);
    await new Promise((resume) => setTimeout(resume, 10)); // leaves some time to the processes that start meanwhile
  }
}

/** Pairs strangers, one pair after the other, for as long as it goes on. */
async function pairStrangers(
  cluster: TestCluster<ServiceProcess>,
  addresses: readonly ServedAddress[],
  onPaired: () => void,
  goesOn: () => boolean,
): Promise<void> {
  while (goesOn()) {
    const strangers = await Promise.all(addresses.slice(0, 2).map(({ proxy }) => cluster.connect(proxy)));
    for (const stranger of strangers) {
      await until("it to wait", async () => (await stranger.join({ type: "video" }).catch(() => undefined))?.ok);
    }
    const isPaired = ({ received }: TestClient) => received.some(({ name }) => name === "partner_found");
    await until("strangers to be paired", () => strangers.every(isPaired));
    for (const stranger of strangers) stranger.leave();
    onPaired();
  }
}

/** Asks a process to stop, which it has to do well. */
async function stop(service: ServiceProcess): Promise<void> {
  service.signal("SIGTERM");
  expect(await service.ended).toMatchObject({ code: 0, stderr: "" });
  expect(service.errors()).toEqual([]);
}

async function replaceMatchmakers(cluster: TestCluster<ServiceProcess>): Promise<void> {
  for (const old of [...cluster.matchmakers]) {
    await cluster.start("matchmaker");
    await stop(old);
  }
}

test("all nodes and matchmakers are replaced, one by one: nobody loses anything, or notices", async () => {
  // a lease that runs out here costs nobody a session: its grace would
  const environment = { ...patient, LEASE_MS: 3000, SHUTDOWN_MS: 300, MATCH_WIDEN_MS: 600_000 };
  const cluster = await startProcessCluster({ nodes: 0, matchmakers: 2, environment, examined: true });
  onTestFinished(cluster.stop);
  const addresses = await Promise.all([0, 1, 2].map(() => openAddress(cluster)));
  const before = addresses.map(({ node }) => node.id);
  const talkers: Talker[] = [];
  for (let i = 0; i < PAIRS; i += 1) talkers.push(...(await openPair(cluster, addresses, i)));

  let goesOn = true;
  let strangers = 0;
  const countPair = () => {
    strangers += 1;
  };
  const talking = Promise.all([
    ...talkers.map((talker) => talk(talker, () => goesOn)),
    pairStrangers(cluster, addresses, countPair, () => goesOn),
  ]);
  const replacing = (async () => {
    for (const address of addresses) await renew(cluster, address, {}, stop);
    await replaceMatchmakers(cluster);
  })();
  await Promise.race([replacing, talking]); // the sooner of the two that fails says why
  await replacing;
  const counts = talkers.map(({ acknowledged }) => acknowledged.length);
  const pairs = strangers;
  await until("all to go on", () => talkers.every(({ acknowledged }, i) => acknowledged.length > (counts[i] ?? 0) + 5));
  await until("strangers to be paired as before", () => strangers > Math.max(3, pairs));
  goesOn = false;
  await talking;

  for (const { client, partner, acknowledged } of talkers) {
    await partner.caughtUp();
    const events = partner.received.filter(({ name }) => !["waiting_for_partner", "partner_found"].includes(name));
    expect(events.filter(({ name }) => name !== "ice_candidate" && name !== "server-shutdown")).toEqual([]);
    const received = events.flatMap(({ name, args }) =>
      name === "ice_candidate" ? [(args[0] as { candidate: { i: number } }).candidate.i] : [],
    );
    expect(received).toEqual([...new Set(received)].sort((one, two) => one - two));
    const arrived = new Set(received);
    expect(acknowledged.filter((i) => !arrived.has(i))).toEqual([]);
    expect(client.connections).toEqual([0, 1].map((i) => ({ id: client.socket.id, recovered: i === 1 })));
  }
  const now = addresses.map(({ node }) => node.id).toSorted();
  await until("the leases of those before to run out", async () => {
    const alive = await cluster.redis.zrangebyscore("sy:{nodes}:leases", Date.now(), "+inf");
    return isDeepStrictEqual(alive.toSorted(), now);
  });
  expect(before.filter((id) => now.includes(id))).toEqual([]);
});
