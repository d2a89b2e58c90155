import { keys } from "@switchyard/store";
import { startCluster, until } from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { patient } from "../patient.ts";
import { startProcess } from "../processes.ts";
import { byPolling, from } from "./handshakes.ts";

const MAX = 6;
const LEASE_MS = 2000;
/** Of documentation's own network (RFC 5737). */
const ADDRESS = "203.0.113.1";

test("the connections of a node that was killed don't count for ever; those of one that lives do", async () => {
  const environment = { ...patient, MAX_CONNECTIONS_PER_IP: MAX, TRUST_PROXY: "loopback" };
  const cluster = await startCluster({ nodes: 1, environment });
  onTestFinished(cluster.stop);
  const doomed = await startProcess(cluster, { ...environment, LEASE_MS });
  /** Until when a node's report of its connections counts, Unix ms. */
  const toldUntil = async () =>
    Number((await cluster.redis.hget(keys.addressConnections(ADDRESS), doomed.id))?.split(":")[1]);
  /** Whether one more was let in; it is gone again then. */
  const isLetIn = async () => {
    const { status, close } = await byPolling(cluster.node(0), ADDRESS);
    await close();
    return status === 200;
  };
  const options = { extraHeaders: from(ADDRESS) };
  const held = await Promise.all(Array.from({ length: MAX }, () => cluster.connect(doomed, options)));
  for (const client of held) client.socket.io.reconnection(false);
  const first = await toldUntil();
  await until("it to be told again", async () => (await toldUntil()) > first + LEASE_MS);
  await until("one more to be turned away", async () => !(await isLetIn()));
  await doomed.kill();
  await until("the dead node's connections to be forgotten", isLetIn);
  const others = await Promise.all(Array.from({ length: MAX }, () => cluster.connect(0, options)));
  expect(await isLetIn()).toBe(false);
  for (const client of others) client.leave();
});
