import { startCluster, type TestClient, type TestCluster } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import { patient } from "../patient.ts";
import type { Driver, Event, Meeting } from "./driver.ts";
import { drivers } from "./drivers.ts";
import { catchUp, listen, numbered, numbersIn } from "./hearing.ts";
import { dialects, served } from "./served.ts";

const MAX_EVENT_BYTES = 16_384;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ dialects: served, environment: { ...patient, JWT_SECRET, MAX_EVENT_BYTES } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const garbage: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1.5,
  1e308,
  "",
  "x",
  "x".repeat(129),
  "x".repeat(4001),
  "a\nb",
  "\u0000",
  "\ud800",
  [],
  {},
  [[]],
  [null],
  { length: 1 },
  { toString: "x" },
  { "": {} },
];

/** A right event, and every way to leave an argument out, or to put garbage into one place of one. */
function* damaged([event, ...args]: Event): Generator<Event> {
  for (const at of args.keys()) {
    yield [event, ...args.slice(0, at)];
    for (const junk of garbage) {
      yield [event, ...args.with(at, junk)];
      const arg = args[at];
      if (typeof arg !== "object" || arg === null) continue;
      for (const key of Object.keys(arg)) yield [event, ...args.with(at, { ...arg, [key]: junk })];
    }
  }
}

const commandsOf = ({ dialect }: Driver) => dialects.find(({ name }) => name === dialect)?.commands;

/** Only what the dialect's own schema calls wrong: some events take more, and some places may hold anything. */
function wrongOnes(driver: Driver, meeting: Meeting, client: TestClient) {
  const commands = commandsOf(driver);
  const right = [...meeting.samples, ...(driver.opening ? [driver.opening(client)] : [])];
  const asSent = (args: readonly unknown[]) => JSON.parse(JSON.stringify(args)) as unknown[];
  return right.map((event) =>
    [...damaged(event)].filter(
      ([name, ...args]) => commands?.get(name)?.parameters.safeParse(asSent(args)).success === false,
    ),
  );
}

test("every dialect that is served has to keep the contract", () => {
  expect(drivers.map(({ dialect }) => dialect).toSorted()).toEqual(dialects.map(({ name }) => name).toSorted());
});

describe.each(drivers)("$dialect: what is wrong", (driver) => {
  const meet = async () => {
    const [one, two] = await Promise.all([driver.connect(cluster, 0), driver.connect(cluster, 1)]);
    return driver.meet(one, two);
  };

  test("is refused as `validation`, with a callback and without one, and nothing else happens", async () => {
    const meeting = await meet();
    const [one, two] = meeting.sides;
    const received = listen(one, two);
    const byEvent = wrongOnes(driver, meeting, one).filter((ways) => ways.length > 0);
    const wrong = byEvent.flat();
    expect(byEvent).not.toEqual([]);
    expect(wrong.length).toBeGreaterThan(10 * byEvent.length);
    const answers = await Promise.all(wrong.map((event) => one.request(...event)));
    for (const [i, answer] of answers.entries()) {
      const { code, message } = (answer.error ?? {}) as { code?: string; message?: string };
      expect([code, answer.ok], `${JSON.stringify(wrong[i])}: ${JSON.stringify(answer)}`).toEqual([
        "validation",
        false,
      ]);
      expect(message).toMatch(/./);
      expect(message).not.toMatch(/node_modules|\.ts|at |redis/i);
    }
    expect(received(one)).toEqual([]);
    for (const event of wrong) one.send(...event);
    await catchUp(one, two);
    expect(received(one)).toHaveLength(wrong.length);
    for (const [name, payload] of received(one)) {
      expect([name, payload]).toEqual(["error", { type: "validation", message: expect.any(String) }]);
    }
    expect(received(two)).toEqual([]);
    expect(await one.request(...meeting.signal(one, numbered(1)))).toMatchObject({ ok: true });
    await catchUp(two);
    expect(numbersIn(received(two))).toEqual([1]);
    for (const node of cluster.nodes) expect(node.errors()).toEqual([]);
  });

  test("binary, prototypes and deep nesting are refused as `validation`", async () => {
    const meeting = await meet();
    const [one, two] = meeting.sides;
    const received = listen(one, two);
    let deep: unknown = {};
    for (let i = 0; i < 100; i += 1) deep = { deep };
    for (const body of [Buffer.from("x"), { a: new Uint8Array(3) }, deep, JSON.parse('{"__proto__":{"a":1}}')]) {
      const answer = await one.request(...meeting.signal(one, body));
      expect(answer.error?.code).toBe("validation");
    }
    await catchUp(one, two);
    expect([...received(one), ...received(two)]).toEqual([]);
  });

  test("an event that there isn't is refused as `validation` if it has a callback, and ignored if not", async () => {
    const [one] = (await meet()).sides;
    const received = listen(one);
    const strange = ["nonsense", "toString", "__proto__", "constructor", "a".repeat(300), "message"];
    const unknown = strange.filter((event) => !commandsOf(driver)?.has(event));
    for (const event of unknown) {
      expect((await one.request(event, {})).error?.code, event).toBe("validation");
      one.send(event, {});
    }
    await catchUp(one);
    expect(unknown.length).toBeGreaterThanOrEqual(5);
    expect(received(one)).toEqual([]);
  });

  test("an event over MAX_EVENT_BYTES is refused as `payload_too_large`; one just below arrives", async () => {
    const meeting = await meet();
    const [one, two] = meeting.sides;
    const received = listen(one, two);
    const withSize = (bytes: number) => meeting.signal(one, { ...numbered(1), padding: "ä".repeat(bytes / 2) });
    expect((await one.request(...withSize(MAX_EVENT_BYTES))).error?.code).toBe("payload_too_large");
    one.send(...withSize(MAX_EVENT_BYTES));
    expect(await one.request(...withSize(MAX_EVENT_BYTES - 300))).toMatchObject({ ok: true });
    await catchUp(one, two);
    expect(received(one)).toEqual([["error", { type: "payload_too_large", message: "The event is too large." }]]);
    expect(numbersIn(received(two))).toEqual([1]);
  });
});
