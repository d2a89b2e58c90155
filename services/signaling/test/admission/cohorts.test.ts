import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { type Bearer, openBearer, tokenFor } from "./tokens.ts";

const secret = "a secret of the tests of cohorts";
let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, TOKEN_MODE: "required", JWT_SECRET: secret, MATCH_WIDEN_MS: 0 };
  cluster = await startCluster({ environment });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const tokenOf = ({ client: { user } }: Bearer, cohort?: string) =>
  tokenFor(secret, cohort === undefined ? { sub: user } : { sub: user, cohort });

async function connect(node: number, cohort?: string): Promise<Bearer> {
  const bearer = openBearer(cluster, node, undefined);
  bearer.token = tokenOf(bearer, cohort);
  await bearer.client.connected();
  return bearer;
}

const join = ({ client }: Bearer, more: object = {}) =>
  client.request("join", { userId: client.user, type: "chat", ...more });
/** Its next partner, whatever it receives before. */
const partnerOf = async ({ client }: Bearer) => {
  const [, found] = await until("a partner", () => client.unread().find(([name]) => name === "partner_found"));
  return (found as { partnerId: string }).partnerId;
};

/** Waits, known to the matchmaker, which has found nobody for it. */
async function waiting(node: number, cohort?: string): Promise<Bearer> {
  const bearer = await connect(node, cohort);
  await join(bearer);
  await bearer.client.receive("waiting_for_partner");
  return bearer;
}

test("everybody meets people of the own cohort, whoever has waited for longer, and without a claim those without one", async () => {
  const [minor, adult, nobody] = [await waiting(0, "minors"), await waiting(1, "adults"), await waiting(0)];
  const others = [await connect(1), await connect(0, "adults"), await connect(1, "minors")] as const;
  for (const other of others) await join(other);
  expect(await Promise.all([nobody, adult, minor].map(partnerOf))).toEqual(others.map(({ client }) => client.user));
});

test("no payload says what the cohort is", async () => {
  const minor = await waiting(0, "minors");
  const forger = await connect(1, "adults");
  const more = { cohort: "minors", preferences: { cohort: "minors", interests: ['","cohort":"minors'] } };
  expect(await join(forger, more)).toMatchObject({ ok: true });
  await forger.client.receive("waiting_for_partner");
  const friend = await connect(1, "minors");
  await join(friend);
  expect(await partnerOf(minor)).toBe(friend.client.user);
});

test.each(["", "a b", "x".repeat(33), 'a"', 7])("a token whose cohort is %j is no token", async (cohort) => {
  const bearer = openBearer(cluster, 0, tokenFor(secret, { sub: "ann", cohort: cohort as string }));
  const refusal = await until("a refusal", () => bearer.errors[0]);
  expect(refusal.data).toEqual({ code: "unauthorized" });
});

describe("a client that comes back while it waits", () => {
  test("is in the same cohort", async () => {
    const minor = await waiting(0, "minors");
    minor.client.cut();
    await minor.client.connected(2);
    expect(minor.client.connections[1]?.recovered).toBe(true);
    await join(await connect(1));
    const friend = await connect(1, "minors");
    await join(friend);
    expect(await partnerOf(minor)).toBe(friend.client.user);
  });

  test("with a token of another cohort waits in that one, and no longer in the first", async () => {
    const grown = await waiting(0, "minors");
    grown.token = tokenOf(grown, "adults");
    grown.client.cut();
    await grown.client.connected(2);
    expect(grown.client.connections[1]?.recovered).toBe(true);
    await until("its ticket to be replaced", async () => {
      const [queued] = await cluster.store.queues.find("chat", [String(grown.client.socket.id)]);
      return queued?.ticket.cohort === "adults";
    });
    const child = await waiting(1, "minors");
    const adult = await connect(1, "adults");
    await join(adult);
    expect(await partnerOf(grown)).toBe(adult.client.user);
    expect(child.client.unread()).toEqual([]);
  });

  test("by its user, since it can't recover, is in the cohort of its new token", async () => {
    const auth = { recovery: false };
    const first = openBearer(cluster, 0, undefined, { auth });
    first.token = tokenOf(first, "minors");
    await first.client.connected();
    await join(first);
    await first.client.receive("waiting_for_partner");
    first.client.socket.io.engine.close();
    first.token = tokenOf(first, "adults");
    await first.client.connected(2);
    expect(await join(first)).toMatchObject({ ok: true });
    const adult = await connect(1, "adults");
    await join(adult);
    expect(await partnerOf(first)).toBe(adult.client.user);
  });
});

test("a client in a pair that came back with a token of another cohort meets people of that one next", async () => {
  const [one, two] = [await waiting(0, "minors"), await connect(1, "minors")];
  await join(two);
  await one.client.receive("partner_found");
  one.token = tokenOf(one, "adults");
  one.client.cut();
  await one.client.connected(2);
  await waiting(1, "minors");
  const adult = await waiting(1, "adults");
  expect(await one.client.request("next")).toMatchObject({ ok: true });
  expect(await partnerOf(adult)).toBe(one.client.user);
});
