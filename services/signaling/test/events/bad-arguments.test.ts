import { type Command, type Dialect, dialects } from "@switchyard/dialects";
import {
  type Acknowledgement,
  expectNothingMore,
  pairClients,
  startCluster,
  type TestClient,
  type TestCluster,
} from "@switchyard/testkit";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { dumpAtRest } from "../resting-redis.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: { ...patient, MATCH_WIDEN_MS: 600_000 } });
  return cluster.stop;
});

const random = dialects.find(({ name }) => name === "random") as Dialect;

/** An event, and where it is sent: to the dialect's own namespace, or to the root namespace, where it would open the dialect. */
interface Case {
  readonly event: string;
  readonly namespace: string;
  readonly parameters: Command["parameters"];
}
const ownCases = [...random.commands].map(
  ([event, { parameters }]): Case => ({ event, parameters, namespace: "/random" }),
);
const rootCases = dialects.flatMap(({ opening, commands }): Case[] =>
  opening.flatMap((event) => {
    const parameters = commands.get(event)?.parameters;
    return parameters ? [{ event, parameters, namespace: "/" }] : [];
  }),
);

/** Two who are not meant, and go on talking. */
let bystanders: [TestClient, TestClient, string];
/** One client that sends what it shouldn't, and its partner, which must not receive any of it. */
let attacker: TestClient;
let partner: TestClient;
let roomId: string;
/** One at the root namespace who has not chosen a dialect, and does not by what is refused. */
let stranger: TestClient;
let before: Record<string, unknown>;

beforeEach(async () => {
  const clients = await Promise.all([0, 1, 0, 1].map((node) => cluster.connect(node)));
  const [ann, bob, one, two] = clients as [TestClient, TestClient, TestClient, TestClient];
  bystanders = [ann, bob, await pairClients(ann, bob)];
  [attacker, partner, roomId] = [one, two, await pairClients(one, two)];
  stranger = await cluster.connect(0, { namespace: "/" });
  before = await dumpAtRest(cluster);
});

afterEach(async () => {
  await expectNothingMore(attacker, partner, stranger);
  expect(await dumpAtRest(cluster)).toEqual(before);
  expect([attacker.connects, stranger.connects]).toEqual([1, 1]);
  expect(stranger.counts).toEqual([]);
  const [ann, bob, room] = bystanders;
  expect(await ann.request("offer", { roomId: room, offer: {} })).toEqual({ ok: true });
  await bob.receive("offer");
  await expectNothingMore(ann, bob);
  expect(await attacker.request("offer", { roomId, offer: {} })).toEqual({ ok: true });
  await partner.receive("offer");
  for (const node of cluster.nodes) expect(node.errors()).toEqual([]);
  await cluster.empty();
});

/** Something that every event takes: its fields, and those of all others. */
const content = () => ({
  ...{ userId: attacker.user, type: "chat", preferences: { interests: ["go"], language: "de", avoid: [] } },
  ...{ roomId, message: "?", isTyping: true, offer: {}, answer: {}, candidate: {}, reason: "?" },
  ...{ matchId: "a-match", id: attacker.user, username: "Ann", userName: "Ann", joinedAt: "2026-01-02T03:04:05.678Z" },
});

const wrongValues: unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, "", " ", "\u0000", "\ud800", "__proto__", "x".repeat(5000)],
  ...[[], [[]], ["x"], {}, { toString: 1 }, { length: 1 }, { interests: "x" }, { interests: [{}] }, { avoid: [1] }],
];

/** Arguments that aren't what an event takes: none, others, or with one field that is missing or wrong. */
function wrongArguments(): unknown[][] {
  const whole = [[], ...wrongValues.map((value) => [value]), [undefined, content()]];
  const fields = Object.keys(content()).flatMap((field) => [
    [{ ...content(), [field]: undefined }],
    ...wrongValues.map((value) => [{ ...content(), [field]: value }]),
  ]);
  return [...whole, ...fields];
}

/** Sends the event with each of these arguments, with and without a callback. */
async function expectRefusals(sender: TestClient, event: string, all: unknown[][], code: string): Promise<void> {
  for (let i = 0; i < all.length; i += 100) {
    const some = all.slice(i, i + 100);
    const answers = await Promise.all(some.map((args) => sender.request(event, ...args)));
    const error = { code, message: expect.any(String), retryable: false };
    expect(answers).toEqual(some.map(() => ({ ok: false, error })));
    for (const args of some) sender.send(event, ...args);
    const message = ({ error: refusal }: Acknowledgement) => (refusal as unknown as { message: string }).message;
    for (const answer of answers)
      expect(await sender.receive("error")).toEqual({ type: code, message: message(answer) });
  }
}

/** A value in every place that it can have among arguments. */
const everywhere = (value: unknown): unknown[][] => [
  [value],
  [content(), value],
  [{ ...content(), ignored: value }],
  [{ ...content(), offer: value, candidate: value }],
];

const nestedIn = (depth: number, innermost: unknown) => {
  let value = innermost;
  for (let i = 0; i < depth; i += 1) value = i % 2 === 0 ? { a: value } : [value];
  return value;
};

describe.each([...ownCases, ...rootCases])("$event at $namespace", ({ event, namespace, parameters }) => {
  const sender = () => (namespace === "/" ? stranger : attacker);

  test("with arguments of any wrong form is refused", async () => {
    const refused = wrongArguments().filter((args) => !parameters.safeParse(JSON.parse(JSON.stringify(args))).success);
    expect(refused.length).toBeGreaterThan(10);
    await expectRefusals(sender(), event, refused, "validation");
  });

  test("with what isn't plain JSON is refused, wherever it is", async () => {
    const odd = [
      nestedIn(1000, {}),
      nestedIn(1000, "x"),
      JSON.parse('{"__proto__":{"isAdmin":true}}'),
      JSON.parse('{"a":[{"__proto__":[]}]}'),
    ];
    await expectRefusals(sender(), event, odd.flatMap(everywhere), "validation");
  });

  test("with binary is refused if it has a callback, and ignored if not", async () => {
    for (const args of [Buffer.from("binary"), { deep: [{ in: new Uint8Array(3) }] }].flatMap(everywhere)) {
      const { error } = await sender().request(event, ...args);
      expect(error).toEqual({ code: "validation", message: expect.any(String), retryable: false });
      sender().send(event, ...args);
    }
  });

  test("that is too large is refused", async () => {
    const huge = "x".repeat(70_000);
    const payloads = [huge, { ...content(), ignored: huge }, { ...content(), roomId: huge }, [huge]];
    await expectRefusals(
      sender(),
      event,
      payloads.map((payload) => [payload]),
      "payload_too_large",
    );
  });
});

test("events that there aren't, whatever they are called: refused with a callback, and ignored without one", async () => {
  const names = [
    "",
    " ",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "JOIN",
    "join ",
    "\u0000",
    "x".repeat(3000),
  ];
  for (const name of [...names, "join\u200b", "message", "ping", "error"]) {
    for (const args of [[content()], []]) {
      expect((await attacker.request(name, ...args)).error?.code, name).toBe("validation");
      attacker.send(name, ...args);
    }
  }
});
