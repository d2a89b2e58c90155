import { readFileSync } from "node:fs";
import { dumpRedis, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { JWT_SECRET, tokenFor } from "./chat/accounts.ts";
import { patient } from "./patient.ts";

/** Rows of docs/limits.md: an input, and the bytes that it keeps in Redis at most. */
const stated = new Map(
  [
    ...readFileSync(new URL("../../../docs/limits.md", import.meta.url), "utf8").matchAll(
      /^\| ([^|]+?) +\| ([\d,]+) +\|/gm,
    ),
  ].map(([, input = "", bytes = ""]) => [input.replaceAll("`", ""), Number(bytes.replaceAll(",", ""))] as const),
);
/** Events are kept by other bounds, and a node's index and the limits are not a client's input. */
const elsewhere = [":out", ":chat", ":feed", "sy:{limit", "sy:{node", "sy:{jobs", ":changes"];

/** What takes most bytes in UTF-8, in JSON and percent-encoded in a key, of all that ids and names may have. */
const letters = ["€", '"', "\\", "a", "é", "😀", "\u2028"];
const most = (letter: string, length: number) => letter.repeat(Math.floor(length / letter.length));
/** So many that differ from each other. */
const several = (letter: string, count: number) =>
  Array.from({ length: count }, (_, i) => most(letter, 126) + String.fromCodePoint(0x4e00 + i));

interface Input {
  readonly namespace: string;
  readonly token?: string;
  readonly event?: readonly [name: string, content: object];
}

const inputs: Readonly<Record<string, (letter: string) => Input>> = {
  "a connection": () => ({ namespace: "/random" }),
  "a connection to chat": (letter) => ({ namespace: "/chat", token: most(letter, 128) }),
  "join (random)": (letter) => {
    const preferences = {
      interests: several(letter, 10),
      language: most(letter, 128),
      region: most(letter, 128),
      avoid: several(letter, 120),
    };
    return { namespace: "/random", event: ["join", { userId: most(letter, 128), type: "chat", preferences }] };
  },
  "join-room (rooms)": (letter) => ({
    namespace: "/rooms",
    event: ["join-room", { roomId: most(letter, 128), userName: most(letter, 128) }],
  }),
  "user-joined (calls)": (letter) => ({
    namespace: "/calls",
    event: ["user-joined", { id: most(letter, 128), username: most(letter, 128), joinedAt: "\u0001".repeat(128) }],
  }),
  "register (match)": (letter) => ({
    namespace: "/match",
    event: ["register", { userId: most(letter, 128), matchId: most(letter, 128) }],
  }),
};

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, matchmakers: 0, environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});

/** The bytes of all names and values that are in Redis. */
async function keptBytes(): Promise<number> {
  return bytesOf(await dumpRedis(cluster.redis, elsewhere));
}

function bytesOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + bytesOf(one), 0);
  return Object.entries(value as object).reduce((sum, [name, one]) => sum + Buffer.byteLength(name) + bytesOf(one), 0);
}

/** The bytes that an input adds, besides those of its connection if it is an event. */
async function added({ namespace, token, event }: Input): Promise<number> {
  let before = await keptBytes();
  const auth = token === undefined ? {} : { token: tokenFor({ sub: token, dialect: "chat" }) };
  const client = await cluster.connect(0, { namespace, auth });
  if (token !== undefined) await client.receive("message_history");
  await until("its session to be set up", async () => (await cluster.store.presence.count(namespace.slice(1))) > 0);
  if (event) {
    before = await keptBytes();
    expect(await client.request(...event)).toMatchObject({ ok: true });
  }
  const bytes = (await keptBytes()) - before;
  await cluster.empty();
  return bytes;
}

test("the table has a row for each input", () => {
  expect([...stated.keys()]).toEqual(expect.arrayContaining(Object.keys(inputs)));
});

test.for(Object.entries(inputs))(
  "%s: the largest that is accepted keeps no more than is stated",
  async ([name, make]) => {
    const found = [];
    for (const letter of letters) found.push(await added(make(letter)));
    const [largest, bound] = [Math.max(...found), stated.get(name) ?? 0];
    expect(largest).toBeLessThanOrEqual(bound);
    expect(largest).toBeGreaterThan(bound / 2); // it is the largest, and the table is no guess
  },
);
