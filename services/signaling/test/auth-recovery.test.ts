import { type ClientOptions, meet, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Bearer, openBearer, type Refused, tokenFor } from "./tokens.ts";

const secret = "a secret that these tests alone know";
const graceMs = 4000;
let cluster: TestCluster;
beforeAll(async () => {
  const environment = { TOKEN_MODE: "required", JWT_SECRET: secret, RECONNECT_GRACE_MS: graceMs };
  cluster = await startCluster({ environment });
  return cluster.stop;
});

const refused = (code: string): Refused => ({ message: "Authentication error", data: { code } });
const good = (sub: string, claims: object = {}, lifetime?: number) => tokenFor(secret, { sub, ...claims }, lifetime);
const open = (node: number, token: unknown, options?: ClientOptions) => openBearer(cluster, node, token, options);
const firstRefusal = ({ refusals }: Bearer) => until("a refusal", () => refusals[0]);

describe("a connection that comes back", () => {
  let [ann, bob]: Bearer[] = [];
  const both = (): [Bearer, Bearer] => [ann, bob] as [Bearer, Bearer];

  /** Two who have met, on two nodes. */
  beforeEach(async () => {
    await cluster.empty();
    const opened = [0, 1].map((node) => {
      const bearer = open(node, undefined);
      bearer.token = good(bearer.client.user);
      return bearer;
    });
    [ann, bob] = opened;
    await Promise.all(opened.map(({ client }) => client.connected()));
    const [one, two] = opened.map(({ client }) => client) as [TestClient, TestClient];
    await meet(one, two);
  });

  test("is checked again, and goes on with a good token", async () => {
    const [{ client }, other] = both();
    client.cut();
    await client.connected(2);
    expect(client.connections[1]).toEqual({ id: client.connections[0]?.id, recovered: true });
    other.client.leave();
    expect(await client.hear("partner_disconnected")).toBeTruthy();
  });

  test.each([
    ["an expired token", (user: string) => good(user, {}, -1), "token_expired"],
    ["no token", () => undefined, "unauthorized"],
    ["another user's token", () => good("somebody else"), "unauthorized"],
    ["a token for another dialect", (user: string) => good(user, { dialect: "match" }), "unauthorized"],
  ])("with %s is refused; in time, with a good one, it goes on", async (_, tokenOf, code) => {
    const [own, other] = both();
    own.token = tokenOf(own.client.user);
    own.client.cut();
    expect(await firstRefusal(own)).toEqual(refused(code));
    expect(other.client.unheard()).toEqual([]);
    own.token = good(own.client.user);
    own.client.socket.connect();
    await own.client.connected(2);
    expect(own.client.connections[1]).toEqual({ id: own.client.connections[0]?.id, recovered: true });
    expect(other.client.unheard()).toEqual([]);
  });

  test("gains no time by trying again and again with a bad token", async () => {
    const [own, other] = both();
    own.token = good(own.client.user, {}, -1);
    own.client.socket.on("connect_error", () => setTimeout(() => own.client.socket.connect(), 50));
    const from = performance.now();
    own.client.cut();
    await other.client.hear("partner_disconnected");
    expect(performance.now() - from).toBeGreaterThan(graceMs / 2); // the clocks of processes differ a little
    expect(performance.now() - from).toBeLessThan(graceMs + 8000);
    expect(own.refusals.length).toBeGreaterThan(5);
    own.client.leave();
    await until("nobody to be there", async () => (await cluster.store.presence.count("random")) === 1);
  });

  test("takes nothing from a connection that is still open elsewhere but the session, which waits for its owner", async () => {
    const [own, other] = both();
    const { id, _pid: pid } = own.client.socket as unknown as { id: string; _pid: string };
    const thief = open(1, good("somebody else"), { auth: { pid, offset: "0" } });
    expect(await firstRefusal(thief)).toEqual(refused("unauthorized"));
    await own.client.connected(2);
    expect(own.client.connections[1]).toEqual({ id, recovered: true });
    expect(other.client.unheard()).toEqual([]);
  });
});

describe("a token that expires while connected", () => {
  test("ends the session for good: the client is told and disconnected, the others hear it at once", async () => {
    await cluster.empty();
    const [ann, bob] = [open(0, undefined), open(1, undefined)];
    bob.token = good(bob.client.user);
    await bob.client.connected();
    ann.token = good(ann.client.user, {}, 4);
    ann.client.socket.disconnect().connect();
    await ann.client.connected();
    const reasons: string[] = [];
    ann.client.socket.on("disconnect", (reason) => reasons.push(reason));
    await meet(ann.client, bob.client);
    const error = await ann.client.hear("error");
    expect(error).toEqual({ type: "unauthorized", message: "Your token has expired." });
    await until("the client to be disconnected", () => reasons.length > 0);
    expect(reasons).toEqual(["io server disconnect"]);
    await bob.client.hear("partner_disconnected", graceMs - 500);
    ann.client.socket.connect();
    await until("a second refusal", () => ann.refusals.length === 2);
    expect(ann.refusals[1]).toEqual(refused("token_expired"));
    expect(await cluster.store.presence.count("random")).toBe(1);
  });
});
