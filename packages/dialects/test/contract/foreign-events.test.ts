import { startCluster, type TestClient, type TestCluster } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import { patient } from "../patient.ts";
import type { Driver, Event, Scene } from "./driver.ts";
import { drivers } from "./drivers.ts";
import { catchUp, listen, numbered, numbersIn } from "./hearing.ts";
import { served } from "./served.ts";

/** More would be over the allowance for events that have a cost. */
const RATE_LIMIT_POINTS = 30;

let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, JWT_SECRET, RATE_LIMIT_POINTS, RATE_LIMIT_DURATION: 3600 };
  cluster = await startCluster({ dialects: served, environment });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const chunk = () => new Uint8Array(200).fill(7);
/** Events of other servers, as their clients send them all the time; some with binary. */
const foreign: readonly Event[] = [
  ["heartbeat-of-another"],
  ["heartbeat-of-another", { at: 1 }],
  ["transcription:start", { language: "de" }],
  ["audio-chunk", chunk()],
  ["audio-chunk", { data: chunk(), more: [chunk(), chunk()] }, 5],
  ["toString", {}],
];

/** Sends 150 of them, which nobody answers. */
function sendForeign(client: TestClient): void {
  for (let i = 0; i < 150 / foreign.length; i += 1) for (const event of foreign) client.send(...event);
}

async function expectRefusals(client: TestClient, code: string): Promise<void> {
  for (const event of foreign) {
    expect((await client.request(...event)).error?.code, event[0]).toBe(code);
  }
}

/** Whether every event that is left of the costly allowance is there, since none was used. */
const expectUnused = async (client: TestClient, used: number) => {
  const left = RATE_LIMIT_POINTS - used;
  const answers = await Promise.all(Array.from({ length: left + 1 }, () => client.request("no such event", {})));
  expect(answers.map(({ error }) => error?.code).filter((code) => code !== "rate_limited")).toHaveLength(left);
};

async function twoAtRoot({ auth }: Scene): Promise<readonly [TestClient, TestClient]> {
  const connect = async (name: "ann" | "bob", node: number) =>
    cluster.connect(node, { namespace: "/", auth: (await auth?.(cluster, name)) ?? {} });
  return Promise.all([connect("ann", 0), connect("bob", 1)]);
}

describe.each(drivers)("$dialect: events of another server", (driver: Driver) => {
  const { dialect, scene } = driver;
  const two = () => Promise.all([driver.connect(cluster, 0), driver.connect(cluster, 1)]);

  test(`at /${dialect} go unanswered, cost nothing and disturb nothing`, async () => {
    const { sides, signal } = await driver.meet(...(await two()));
    const [one, other] = sides;
    const received = listen(one, other);
    sendForeign(one);
    expect(await one.request(...signal(one, numbered(1)))).toMatchObject({ ok: true });
    await catchUp(one, other);
    expect(received(one)).toEqual([]);
    expect(numbersIn(received(other))).toEqual([1]);
    expect([one.connects, one.socket.connected]).toEqual([1, true]);
    await expectRefusals(one, "validation");
  });

  test(`at /${dialect}, before the opening event, go unanswered and cost nothing`, async () => {
    const [one] = await two();
    const received = listen(one);
    sendForeign(one);
    await expectUnused(one, 0);
    await catchUp(one);
    expect(received(one)).toEqual([]);
  });

  test("at / go unanswered before the opening event and after it", async () => {
    const [ann, bob] = await twoAtRoot(scene);
    const isOpen = driver.opening === undefined;
    sendForeign(ann);
    await expectRefusals(ann, isOpen ? "validation" : "not_joined");
    await scene.play(ann, bob, `foreign-${dialect}`);
    sendForeign(ann);
    await expectRefusals(ann, "validation");
    await catchUp(ann, bob);
    const strange = [...ann.received, ...bob.received].filter(({ name }) => !scene.events.includes(name));
    expect(strange).toEqual([]);
    expect([ann.connects, ann.socket.connected]).toEqual([1, true]);
  });
});
