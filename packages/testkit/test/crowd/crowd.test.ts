import { beforeAll, expect, onTestFinished, test } from "vitest";
import { Crowd } from "../../src/crowd/crowd.ts";
import { judgeMessages, judgeReturns, judgeWaits } from "../../src/crowd/judge.ts";
import { Newcomers } from "../../src/crowd/newcomers.ts";
import { Talker } from "../../src/crowd/talker.ts";
import { startCluster, type TestCluster, until } from "../../src/index.ts";

const LONG_MS = 600_000;

let cluster: TestCluster;
let urls: string[];
beforeAll(async () => {
  cluster = await startCluster({ environment: { RECONNECT_GRACE_MS: LONG_MS, LEASE_MS: 60_000 } });
  urls = cluster.nodes.map(({ url }) => url);
  return cluster.stop;
});

test("a crowd that nobody disturbs passes every judgement", async () => {
  const crowd = new Crowd({ graceMs: LONG_MS });
  onTestFinished(() => crowd.leave());
  await crowd.gather(urls, 4);
  crowd.begin();
  await until("everybody to have said something", () => crowd.figures().acknowledged >= 12);
  await crowd.finish(LONG_MS);
  const figures = crowd.figures();
  expect(figures).toMatchObject({ clients: 4, late: 0, received: figures.acknowledged, parted: 0 });
  expect([...judgeMessages(figures), ...judgeReturns(figures)].filter(({ holds }) => !holds)).toEqual([]);
});

test("a talker hears once that its partner is gone", async () => {
  const [one, other] = [new Talker(urls[0] ?? "", ["websocket"]), new Talker(urls[1] ?? "", ["websocket"])];
  onTestFinished(() => [one, other].forEach((talker) => void talker.leave()));
  await until("both to be paired", () => one.partner === other.user && other.partner === one.user);
  expect(await one.reaches(other, LONG_MS)).toBe(true);
  expect(other.partings).toEqual([]);
  one.leave();
  await until("the partner to hear it", () => other.partings.length > 0);
  expect(other.partings).toHaveLength(1);
});

test("newcomers are an even number, and none is forgotten that still waits", async () => {
  const newcomers = new Newcomers(urls);
  onTestFinished(() => newcomers.leave());
  newcomers.begin();
  newcomers.stop();
  expect(newcomers.talkers).toHaveLength(2);
  await until("both to be paired", () => newcomers.talkers.every(({ partner }) => partner));
  expect(judgeWaits(newcomers.waits(), LONG_MS).holds).toBe(true);
  const silent = new Newcomers(["http://127.0.0.1:1"]);
  onTestFinished(() => silent.leave());
  silent.begin();
  expect(judgeWaits(silent.waits(), -1).holds).toBe(false);
});
