import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Matches } from "../../src/http/schemas.ts";
import { patient } from "../patient.ts";

/** By how much the clocks of two processes may differ where one stood still as it looked at the other's. */
const CLOCKS_MS = 10_000;
const adminToken = "the operators' own";
const bearer = { authorization: `Bearer ${Buffer.from(adminToken).toString("hex")}` };
const AT_ONCE = 10;
let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, ADMIN_TOKEN: bearer.authorization.slice(7) };
  cluster = await startCluster({ matchmakers: 0, environment });
  return cluster.stop;
});

async function stats(headers: Record<string, string> = bearer, query = "", node = 0) {
  const response = await fetch(`${cluster.node(node).url}/api/stats${query}`, { headers });
  expect(response.headers.get("cache-control")).toBe("no-store");
  return { status: response.status, headers: response.headers, body: await response.json() };
}
const pageOf = async (query = "", node = 0) => Matches.parse((await stats(bearer, query, node)).body);

let matchId: string;
beforeEach(() => {
  matchId = `match ü ${crypto.randomUUID()}`;
});
async function register(node: number, userId: string, match = matchId): Promise<TestClient> {
  const client = await cluster.connect(node, { namespace: "/match" });
  expect(await client.request("register", { userId, matchId: match })).toMatchObject({ ok: true });
  return client;
}

describe("who is in which match", () => {
  test("is told by every node: who is connected, since when, and when it last changed", async () => {
    const from = Date.now();
    const ann = await register(0, "ann");
    const bob = await register(1, "bob");
    const both = Date.now();
    const own = async () => (await pageOf("", 1)).matches?.find((match) => match.matchId === matchId);
    expect(await own()).toMatchObject({
      participantCount: 2,
      participants: [
        { userId: "ann", connected: true },
        { userId: "bob", connected: true },
      ],
    });
    const { createdAt = "", lastActivity = "" } = (await own()) ?? {};
    expect(Date.parse(createdAt)).toBeGreaterThan(from - CLOCKS_MS);
    expect(Date.parse(lastActivity)).toBeLessThan(both + CLOCKS_MS);
    expect(Date.parse(lastActivity)).toBeGreaterThanOrEqual(Date.parse(createdAt));

    bob.socket.io.reconnection(false);
    bob.cut();
    await until("bob to be away", async () => (await own())?.participants[1]?.connected === false);
    ann.leave();
    await until("ann to be gone", async () => (await own())?.participantCount === 1);
    expect(Date.parse((await own())?.lastActivity ?? "")).toBeGreaterThan(Date.parse(lastActivity));
    await cluster.store.presence.count("match");
  });

  test("comes 100 a page, each match once, with the sums on each page", async () => {
    const names = Array.from({ length: 210 }, (_, i) => `${matchId} ${i}`);
    for (let from = 0; from < names.length; from += AT_ONCE) {
      const some = names.slice(from, from + AT_ONCE);
      await Promise.all(some.map((name, i) => register(i % 2, `user-${from + i}`, name)));
    }
    const areCounted = async (node: number) => (await pageOf("", node)).activeMatches >= names.length;
    for (const node of [0, 1]) await until("the sums to be read again", () => areCounted(node));
    const seen: string[] = [];
    let query = "";
    let pages = 0;
    do {
      const page = await pageOf(query, pages % 2);
      expect(page.activeMatches).toBeGreaterThanOrEqual(210);
      expect(page.connectedUsers).toBeGreaterThanOrEqual(210);
      expect(page.totalSockets).toBeGreaterThanOrEqual(page.connectedUsers);
      expect(page.matches?.length).toBeLessThanOrEqual(100);
      seen.push(...(page.matches ?? []).map((match) => match.matchId));
      query = page.nextCursor === undefined ? "" : `?cursor=${encodeURIComponent(page.nextCursor)}`;
      pages += 1;
    } while (query !== "");
    expect(pages).toBeGreaterThanOrEqual(3);
    expect(seen.filter((name) => names.includes(name)).sort()).toEqual([...names].sort());
  });

  test("a cursor that is none is refused", async () => {
    for (const cursor of ["x", "-1", "1.2.3"]) {
      const { status, body } = await stats(bearer, `?cursor=${cursor}`);
      expect([status, body]).toEqual([400, { error: expect.stringMatching(/cursor/), code: "validation" }]);
    }
  });
});

describe("it names people, so", () => {
  test.each<[string, Record<string, string>]>([
    ["nothing", {}],
    ["another token", { authorization: "Bearer guess" }],
    ["a part of the token", { authorization: bearer.authorization.slice(0, -1) }],
    ["the token and more", { authorization: `${bearer.authorization}0` }],
    ["another scheme", { authorization: `Basic ${bearer.authorization.slice(7)}` }],
    ["no token", { authorization: "Bearer " }],
  ])("with %s it is refused", async (_, headers) => {
    const answer = await stats(headers);
    expect([answer.status, answer.body]).toEqual([
      401,
      { error: "This needs the operators' token.", code: "unauthorized" },
    ]);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
  });

  test("where no ADMIN_TOKEN is set, the list is left out, whatever is sent", async () => {
    const open = await cluster.start("signaling", { ADMIN_TOKEN: "" });
    await register(0, "ann");
    for (const headers of [{}, bearer, { authorization: "Bearer undefined" }, { authorization: "Bearer " }]) {
      const body = await (await fetch(`${open.url}/api/stats`, { headers: headers as Record<string, string> })).json();
      expect(Object.keys(body as object).sort()).toEqual([
        "activeMatches",
        "connectedUsers",
        "timestamp",
        "totalSockets",
      ]);
      expect(Matches.parse(body).activeMatches).toBeGreaterThan(0);
    }
  });
});
