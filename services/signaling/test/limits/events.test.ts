import {
  type Acknowledgement,
  pairClients,
  startCluster,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { leftOf, withinWindow } from "./waiting.ts";

const COSTLY = 40;
const SIGNALS = 120;
/** The time that the limits are for: no test takes that long. */
const HOUR_S = 3600;
/** The events that each node may let pass beyond the limit: a tenth. */
const BEYOND = COSTLY / 10;

let cluster: TestCluster;
beforeAll(async () => {
  const environment = { RATE_LIMIT_POINTS: COSTLY, SIGNAL_RATE_LIMIT_POINTS: SIGNALS, RATE_LIMIT_DURATION: HOUR_S };
  cluster = await startCluster({ environment: { ...patient, ...environment } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

async function pair(): Promise<{ ann: TestClient; bob: TestClient; roomId: string }> {
  const [ann, bob] = (await Promise.all([cluster.connect(0), cluster.connect(1)])) as [TestClient, TestClient];
  return { ann, bob, roomId: await pairClients(ann, bob) };
}

const asked = (client: TestClient, times: number, event: string, content: object) =>
  Promise.all(Array.from({ length: times }, () => client.request(event, content)));
const isLimited = ({ error }: Acknowledgement) => error?.code === "rate_limited";
const receivedTimes = ({ received }: TestClient, name: string) =>
  received.filter((event) => event.name === name).length;

test("what is over the limit is refused with the time to wait, by acknowledgement, and has no effect", async () => {
  const from = performance.now();
  const { ann, bob, roomId } = await pair();
  const answers = await asked(ann, 2 * COSTLY, "send_message", { roomId, message: "!" });
  const passed = answers.filter(({ ok }) => ok).length;
  expect(passed).toBe(COSTLY - 1); // its join was one
  const errors = answers.filter(({ ok }) => !ok);
  for (const { error } of errors) {
    expect(error).toEqual({
      code: "rate_limited",
      message: expect.any(String),
      retryable: true,
      retryAfterMs: expect.any(Number),
    });
    const { retryAfterMs } = error as unknown as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(leftOf(HOUR_S * 1000, from));
    expect(retryAfterMs).toBeLessThanOrEqual(HOUR_S * 1000);
  }
  await bob.caughtUp();
  expect(receivedTimes(bob, "new_message")).toBe(passed);
  expect(await cluster.node(0).metric('switchyard_limits_hit_total\\{limit="costly".*\\}')).toBeGreaterThanOrEqual(
    errors.length,
  );
});

test("without an acknowledgement it comes as an error, and the connection stays", async () => {
  const { ann, bob, roomId } = await pair();
  for (let i = 0; i < COSTLY + 9; i += 1) ann.send("send_message", { roomId, message: String(i) });
  await until("the refusals to be heard", () => receivedTimes(ann, "error") >= 10);
  await bob.caughtUp();
  const errors = ann.received.filter(({ name }) => name === "error").map(({ args }) => args);
  expect(errors).toHaveLength(10);
  for (const args of errors) {
    expect(args).toEqual([{ type: "rate_limited", message: expect.any(String), retryAfterMs: expect.any(Number) }]);
  }
  expect(receivedTimes(bob, "new_message")).toBe(COSTLY - 1);
  expect([ann.socket.connected, ann.connects]).toEqual([true, 1]);
});

test("signals and what is cheap have allowances of their own, and another user has his", async () => {
  const { ann, bob, roomId } = await pair();
  const refusedOf = async (client: TestClient, times: number, event: string, content: object) =>
    (await asked(client, times, event, { roomId, ...content })).filter(isLimited).length;
  expect(await refusedOf(ann, COSTLY + 10, "send_message", { message: "!" })).toBe(11);
  expect(await refusedOf(ann, SIGNALS + 5, "ice_candidate", { candidate: {} })).toBe(5);
  expect(await refusedOf(ann, SIGNALS + 7, "typing", { isTyping: true })).toBe(7);
  expect(await refusedOf(bob, COSTLY - 1, "send_message", { message: "?" })).toBe(0);
});

test("signals over the limit are left out, the others stay in order", async () => {
  const { ann, bob, roomId } = await pair();
  for (let i = 0; i < SIGNALS + 20; i += 1) ann.send("ice_candidate", { roomId, candidate: { i } });
  await until("the refusals to be heard", () => receivedTimes(ann, "error") >= 20);
  await bob.caughtUp();
  const candidates = bob.received.flatMap(({ name, args }) => (name === "ice_candidate" ? args : []));
  expect(candidates.map((sent) => (sent as { candidate: { i: number } }).candidate.i)).toEqual(
    Array.from({ length: SIGNALS }, (_, i) => i),
  );
});

test("what there is no such event for counts as costly, from the first one on", async () => {
  const client = await cluster.connect(0);
  const answers = await asked(client, COSTLY + 10, "no_such_event", {});
  expect(answers.filter(isLimited)).toHaveLength(10);
  expect(isLimited(await client.join())).toBe(true);
});

test("events that are ignored use up no other allowance, and are cut off beyond their own", async () => {
  const { ann, bob, roomId } = await pair();
  for (let i = 0; i < SIGNALS; i += 1) ann.send(`no_such_event_${i}`, {});
  for (let i = 0; i < COSTLY - 1; i += 1) {
    expect(await ann.request("send_message", { roomId, message: "!" })).toMatchObject({ ok: true });
  }
  expect(receivedTimes(ann, "error")).toBe(0);
  for (let i = 0; i < 10; i += 1) ann.send("no_such_event", {});
  await until("the refusals", () => receivedTimes(ann, "error") >= 10);
  await bob.caughtUp();
  expect(receivedTimes(ann, "error")).toBe(10);
  const metric = (name: string) => cluster.node(0).metric(`switchyard_${name}\\{.*\\}`);
  expect(await metric("events_ignored_total")).toBe(SIGNALS);
  expect(await cluster.node(0).metric('switchyard_limits_hit_total\\{limit="ignored".*\\}')).toBe(10);
});

test("a user's events are counted over both nodes, within a tenth of the limit for each", async () => {
  const [here, there] = (await Promise.all([cluster.connect(0), cluster.connect(1)])) as [TestClient, TestClient];
  const userId = here.user;
  await here.join({ userId });
  await here.caughtUp();
  await there.join({ userId }); // the first is out of everything, and the user is still the same
  const flood = (client: TestClient) => asked(client, COSTLY + 20, "send_message", { roomId: "x", message: "!" });
  const answers = (await Promise.all([flood(here), flood(there)])).flat();
  const passed = answers.filter((answer) => !isLimited(answer)).length;
  expect(passed).toBeGreaterThanOrEqual(COSTLY - 2);
  expect(passed).toBeLessThanOrEqual(COSTLY + 2 * BEYOND);
});

test("calling itself somebody else gives a connection no new allowance", async () => {
  const client = await cluster.connect(0);
  let refused = 0;
  for (let i = 0; i < COSTLY + 10; i += 1) {
    if (isLimited(await client.join({ userId: `${client.user}-${i}` }))) refused += 1;
  }
  expect(refused).toBe(10);
});

test("coming back gives a user no new allowance, be it as another session", async () => {
  const { ann, roomId } = await pair();
  await asked(ann, COSTLY, "send_message", { roomId, message: "!" });
  ann.cut();
  await ann.connected(2);
  expect(isLimited(await ann.request("send_message", { roomId, message: "?" }))).toBe(true);
  const reloaded = await cluster.connect(0);
  await reloaded.join({ userId: ann.user });
  expect(isLimited(await reloaded.request("next", {}))).toBe(true);
});

test("after the time to wait it works again", async () => {
  const quick = await cluster.start("signaling", { RATE_LIMIT_POINTS: 4, RATE_LIMIT_DURATION: 1 });
  await withinWindow(1000, async (waitFor) => {
    const client = await cluster.connect(quick);
    await client.join();
    for (let round = 0; round < 2; round += 1) {
      const answers = await asked(client, 5, "next", {});
      const { retryAfterMs } = (answers.findLast(isLimited) as Acknowledgement).error as unknown as {
        retryAfterMs: number;
      };
      expect(retryAfterMs).toBeLessThanOrEqual(1000);
      await waitFor(retryAfterMs);
      expect(await client.request("next", {})).toEqual({ ok: true });
    }
  });
});

test("Redis counts by twentieths of a limit, not signal by signal", async () => {
  const { ann, roomId } = await pair();
  const counts = async () =>
    Number(/^cmdstat_incrby:calls=(\d+)/m.exec(await cluster.redis.info("commandstats"))?.[1] ?? 0);
  const before = await counts();
  await asked(ann, SIGNALS, "ice_candidate", { roomId, candidate: {} });
  const counted = (await counts()) - before;
  expect(counted).toBeGreaterThan(0);
  expect(counted).toBeLessThanOrEqual(20 + 1); // besides, what the pair's joins had left to be counted
});
