import { createHmac } from "node:crypto";
import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { tokenFor } from "../admission/tokens.ts";
import { patient } from "../patient.ts";

const TURN_SECRET = "shared with coturn, and with nobody else";
const JWT_SECRET = "a secret of this test, f2k49dk20akd93";
const TTL = 3600;
const settings = {
  ...patient,
  TURN_SECRET,
  TURN_URLS: "turn:t.example",
  TURN_TTL: TTL,
  TRUST_PROXY: "loopback",
  JWT_SECRET,
};

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0, matchmakers: 0, environment: settings });
  return cluster.stop;
});

interface TurnUser {
  readonly username: string;
  readonly credential: string;
}

async function ask(url: string, { from, token }: { from?: string; token?: string | undefined } = {}) {
  const headers = {
    ...(from === undefined ? {} : { "x-forwarded-for": from }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(`${url}/api/ice-servers`, { headers });
  const { iceServers = [], code } = (await response.json()) as { iceServers?: TurnUser[]; code?: string };
  const turn = iceServers.find(({ username }) => username !== undefined);
  const [expiry, id] = turn?.username.split(":") ?? [];
  return { status: response.status, code, servers: iceServers.length, turn, expiry: Number(expiry), id };
}

/** One moment for all that ask in it. */
function at(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: seconds * 1000 });
}

describe("in open mode", () => {
  test("an address gets the same user from every node, and another one another", async () => {
    const [one, other] = [await cluster.start("signaling"), await cluster.start("signaling")];
    const first = await ask(one.url, { from: "203.0.113.7" });
    for (const { url } of [one, other, one]) expect((await ask(url, { from: "203.0.113.7" })).id).toBe(first.id);
    expect((await ask(one.url, { from: "203.0.113.8" })).id).not.toBe(first.id);
    const network = await ask(one.url, { from: "2001:db8::1" });
    expect((await ask(other.url, { from: "2001:db8::ffff:2" })).id).toBe(network.id); // one /64
  });

  test("a token makes no user of its own: nothing limits how many accounts one has", async () => {
    const { url } = await cluster.start("signaling");
    const { id } = await ask(url);
    expect((await ask(url, { token: tokenFor(JWT_SECRET, { sub: "ann" }) })).id).toBe(id);
    expect((await ask(url, { token: "nonsense" })).id).toBe(id);
  });

  test("it is the same for half of TURN_TTL, valid that long at least, and its id stays", async () => {
    const { url } = await cluster.start("signaling");
    const start = Math.ceil(Date.now() / 1000 / TTL) * TTL;
    const seen = new Set<string | undefined>();
    const ids = new Set<string | undefined>();
    try {
      for (let passed = 0; passed < 2 * TTL; passed += 299) {
        at(start + passed);
        const { turn, expiry, id } = await ask(url);
        seen.add(turn?.username);
        ids.add(id);
        expect(expiry - (start + passed)).toBeGreaterThanOrEqual(TTL / 2);
        expect(expiry - (start + passed)).toBeLessThanOrEqual(TTL);
        expect(turn?.credential).toBe(
          createHmac("sha1", TURN_SECRET)
            .update(turn?.username ?? "")
            .digest("base64"),
        );
      }
    } finally {
      vi.useRealTimers();
    }
    expect(seen.size).toBe(4);
    expect(ids.size).toBe(1);
  });
});

describe("where tokens are required", () => {
  const required = { TOKEN_MODE: "required" };

  test("without a token there is STUN only", async () => {
    const { url } = await cluster.start("signaling", required);
    expect(await ask(url)).toMatchObject({ status: 200, servers: 2, turn: undefined });
    const fixed = { TURN_SECRET: "", TURN_URLS: "", METERED_USERNAME: "mu", METERED_CREDENTIAL: "mc" };
    const metered = await cluster.start("signaling", { ...required, ...fixed });
    expect(await ask(metered.url)).toMatchObject({ status: 200, servers: 2, turn: undefined });
    const token = tokenFor(JWT_SECRET, { sub: "ann" });
    expect(await ask(metered.url, { token })).toMatchObject({ status: 200, servers: 3, turn: { username: "mu" } });
  });

  test("a user is the same one at every address, and not another user", async () => {
    const { url } = await cluster.start("signaling", required);
    const [ann, bob] = ["ann", "bob"].map((sub) => tokenFor(JWT_SECRET, { sub }));
    const first = await ask(url, { token: ann, from: "203.0.113.7" });
    expect(first.id).toMatch(/^[0-9a-f]{16}$/);
    expect((await ask(url, { token: ann, from: "198.51.100.1" })).id).toBe(first.id);
    expect((await ask(url, { token: bob, from: "203.0.113.7" })).id).not.toBe(first.id);
  });

  test("a token that is not valid is refused, and told why", async () => {
    const { url } = await cluster.start("signaling", required);
    const expired = tokenFor(JWT_SECRET, { sub: "ann" }, -10);
    expect(await ask(url, { token: expired })).toMatchObject({ status: 401, code: "token_expired", turn: undefined });
    expect(await ask(url, { token: "nonsense" })).toMatchObject({ status: 401, code: "unauthorized" });
  });

  test("while the issuer can't be asked the client is to come again", async () => {
    const issuer = { JWKS_URL: `${(await cluster.start("signaling")).url}/nothing`, JWT_SECRET: "" };
    const node = await cluster.start("signaling", { ...required, ...issuer });
    const head = (fields: object) => Buffer.from(JSON.stringify(fields)).toString("base64url");
    const token = `${head({ alg: "RS256", kid: "a" })}.${head({ sub: "ann" })}.AAAA`;
    expect(await ask(node.url, { token })).toMatchObject({ status: 503, code: "server_error" });
    expect(node.errors()).toEqual([]);
  });
});
