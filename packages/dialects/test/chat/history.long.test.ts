import {
  type LastingRedis,
  type ServiceProcess,
  startLastingRedis,
  startProcessCluster,
  type TestCluster,
} from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { enterChatroom, JWT_SECRET, messagesOf, sendMessage } from "./accounts.ts";
import { loadAll, sayMany } from "./histories.ts";

const HISTORY = 10;

let redis: LastingRedis;
let cluster: TestCluster<ServiceProcess>;
beforeAll(async () => {
  redis = await startLastingRedis();
  return redis.stop;
});
beforeAll(async () => {
  const environment = { ...patient, JWT_SECRET, CHAT_HISTORY_LIMIT: HISTORY };
  cluster = await startProcessCluster({ redis, environment });
  return cluster.stop;
});
afterEach(() => cluster.empty());

test("the history, its order and its ids survive a restart of everything", async () => {
  const ann = await enterChatroom(cluster, 0, { namespace: "/chat" });
  await sayMany(ann, 40);
  const before = await loadAll(ann.client);
  expect(before.slice(-40)).toEqual(messagesOf(ann));
  await cluster.empty();
  for (const service of [...cluster.nodes.splice(0), ...cluster.matchmakers.splice(0)]) await service.kill();
  await redis.crash();
  await redis.startAgain();
  for (let i = 0; i < 2; i += 1) await cluster.start("signaling");
  await cluster.start("matchmaker");
  const again = await enterChatroom(cluster, 1, { namespace: "/chat" });
  expect(again.history).toEqual(before.slice(-HISTORY));
  expect(await loadAll(again.client)).toEqual(before);
  const { id } = await sendMessage(again, "after it");
  expect(await loadAll(again.client)).toEqual([...before, expect.objectContaining({ id, text: "after it" })]);
});
