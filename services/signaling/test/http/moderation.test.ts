import { startCluster, type TestCluster } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";

const [ADMIN_TOKEN, OBSERVER_TOKEN] = ["for-operators", "for-observers"];
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, ADMIN_TOKEN, OBSERVER_TOKEN } });
  return cluster.stop;
});

interface Asked {
  readonly token?: string;
  readonly by?: string;
  readonly body?: object;
  readonly node?: number;
}

interface Laid {
  readonly id: string;
}
/** All that there may be in an answer. */
interface Answer extends Laid {
  readonly code: string;
  readonly until: string;
  readonly bans: readonly Laid[];
  readonly entries: readonly Laid[];
  readonly nextCursor?: string;
}

async function ask(method: string, path: string, { token = ADMIN_TOKEN, by, body, node = 0 }: Asked = {}) {
  const response = await fetch(`${cluster.node(node).url}/api/admin/${path}`, {
    method,
    headers: {
      ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
      ...(by === undefined ? {} : { "x-operator": by }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
}
const ann = { kind: "user", whom: "ann", reason: "Spam" };
const bans = async (node = 0) => (await ask("GET", "bans", { node })).body;
const ids = async () => (await bans()).bans.map(({ id }) => id);

afterEach(async () => {
  for (const id of await ids()) await ask("DELETE", `bans/${id}`);
});

describe("without the right token", () => {
  const requests = [
    ["GET", "bans"],
    ["GET", "audit"],
    ["POST", "bans"],
    ["DELETE", "bans/x"],
  ] as const;

  test.each(requests)("%s %s is refused", async (method, path) => {
    for (const token of ["", "wrong", `${ADMIN_TOKEN}-`]) {
      const { status, headers, body } = await ask(method, path, { token, ...(method === "POST" ? { body: ann } : {}) });
      expect([status, headers.get("www-authenticate"), body.code]).toEqual([401, "Bearer", "unauthorized"]);
    }
    expect(await ids()).toEqual([]);
  });

  test("the observers' token reads, and changes nothing", async () => {
    const { body: laid } = await ask("POST", "bans", { body: ann });
    const observing = { token: OBSERVER_TOKEN };
    expect((await ask("GET", "bans", observing)).body.bans).toHaveLength(1);
    expect((await ask("GET", "audit", observing)).status).toBe(200);
    for (const refused of [
      await ask("POST", "bans", { ...observing, body: { ...ann, whom: "bob" } }),
      await ask("DELETE", `bans/${laid.id}`, observing),
    ]) {
      expect([refused.status, refused.body.code]).toEqual([403, "forbidden"]);
    }
    expect(await ids()).toEqual([laid.id]);
  });

  test("where no token is set nobody gets in, with an empty one neither", async () => {
    const open = await cluster.start("signaling", { ADMIN_TOKEN: "", OBSERVER_TOKEN: "" });
    const node = cluster.nodes.indexOf(open);
    for (const token of ["", ADMIN_TOKEN, OBSERVER_TOKEN, "undefined"])
      expect((await ask("GET", "bans", { token, node })).status).toBe(401);
    await open.stop();
    cluster.nodes.splice(node, 1);
  });
});

/** Two estimates of Redis's clock differ by less. */
const CLOCKS_MS = 5000;

describe("a ban", () => {
  test("is there at every node, with its end, and is lifted by its id, once", async () => {
    const from = cluster.store.clock.now();
    const body = { ...ann, dialect: "random", seconds: 60 };
    const laid = await ask("POST", "bans", { body, by: "max", node: 1 });
    expect(laid.status).toBe(201);
    expect(laid.body).toMatchObject({ ...ann, dialect: "random", by: "max" });
    expect(Date.parse(laid.body.until) - from).toBeGreaterThan(60_000 - CLOCKS_MS);
    expect((await bans(0)).bans).toEqual([laid.body]);
    expect(await ask("DELETE", `bans/${laid.body.id}?reason=A+mistake`, { by: "eve" })).toMatchObject({
      status: 200,
      body: laid.body,
    });
    expect((await ask("DELETE", `bans/${laid.body.id}`)).status).toBe(404);
    const { entries } = (await ask("GET", "audit")).body;
    expect(entries.slice(0, 2)).toMatchObject([
      { action: "unban", by: "eve", reason: "A mistake", ban: laid.body },
      { action: "ban", by: "max", ban: laid.body },
    ]);
  });

  test("and a shadow of the same user are two, each with its effect", async () => {
    await ask("POST", "bans", { body: ann });
    const { status, body } = await ask("POST", "bans", { body: { ...ann, effect: "shadow" } });
    expect([status, body]).toMatchObject([201, { effect: "shadow", whom: "ann" }]);
    expect((await bans()).bans).toMatchObject([{ effect: "shadow" }, { effect: "ban" }]);
  });

  test("of the same subject again takes the place of the first; in another dialect it is another one", async () => {
    const first = await ask("POST", "bans", { body: { kind: "network", whom: "203.0.113.9/24", reason: "Spam" } });
    const again = await ask("POST", "bans", { body: { kind: "network", whom: "203.0.113.0/24", reason: "More" } });
    expect(first.body).toMatchObject({ whom: "203.0.113.0/24", by: "api" });
    expect(again.body).toMatchObject({ id: first.body.id, reason: "More" });
    const other = await ask("POST", "bans", { body: { ...again.body, dialect: "chat" } });
    expect((await ids()).toSorted()).toEqual([first.body.id, other.body.id].toSorted());
  });

  test.each([
    ["another kind", { ...ann, kind: "session" }],
    ["no reason", { ...ann, reason: "" }],
    ["a reason of many lines", { ...ann, reason: "a\nb" }],
    ["a reason that is too long", { ...ann, reason: "x".repeat(501) }],
    ["a user that nobody can be", { ...ann, whom: "a\u0000" }],
    ["an address that is none", { ...ann, kind: "address", whom: "ann" }],
    ["a network in the place of an address", { ...ann, kind: "address", whom: "203.0.113.0/24" }],
    ["everybody", { ...ann, kind: "network", whom: "0.0.0.0/0" }],
    ["a dialect that there is not", { ...ann, dialect: "smalltalk" }],
    ["no time", { ...ann, seconds: 0 }],
    ["an effect that there is not", { ...ann, effect: "oblivion" }],
    ["a shadow where nobody is paired", { ...ann, effect: "shadow", dialect: "rooms" }],
  ])("of %s is refused", async (_, body) => {
    expect(await ask("POST", "bans", { body })).toMatchObject({ status: 400, body: { code: "validation" } });
    expect(await ids()).toEqual([]);
  });

  test("has an operator with a name that can be read, or none", async () => {
    expect(await ask("POST", "bans", { body: ann, by: "x".repeat(129) })).toMatchObject({ status: 400 });
    expect(await ids()).toEqual([]);
  });
});

test("the log is read page by page, to its end", async () => {
  const pages: (readonly Laid[])[] = [];
  const { moderation } = cluster.store;
  const laid = { id: "x", effect: "ban", kind: "user", whom: "x", subject: "user:x", by: "max", at: 1 } as const;
  for (let i = 0; i < 101; i += 1) await moderation.put({ ...laid, reason: String(i) });
  let cursor: string | undefined;
  do {
    const { body } = await ask("GET", `audit${cursor === undefined ? "" : `?cursor=${cursor}`}`);
    pages.push(body.entries);
    cursor = body.nextCursor;
  } while (cursor !== undefined);
  const entries = pages.flat().map(({ id }) => id);
  expect(pages[0]).toHaveLength(100);
  expect(new Set(entries).size).toBe(entries.length);
  expect(entries.length).toBeGreaterThanOrEqual(101);
  expect((await ask("GET", "audit?cursor=x")).status).toBe(400);
});
