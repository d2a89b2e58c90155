import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { sy, syJson } from "./sy.ts";

let cluster: TestCluster;
let environment: Record<string, string>;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { LEASE_MS: 60_000, RECONNECT_GRACE_MS: 600_000 } });
  environment = { REDIS_URL: cluster.redisServer.url };
  return cluster.stop;
});

test("an operator's event reaches a user once for its id, is in the audit log, and says where nobody is there", async () => {
  const client = await cluster.connect(1, { namespace: "/match" });
  await client.request("register", { userId: client.user, matchId: "m1" });
  await client.receive("joined");
  const call = ["notify", "user", client.user, "app:credits", '{"left":5}', "--dialect", "match", "--id", "credits-1"];
  const reached = { id: "credits-1", kept: true, connected: 1, detached: 0 };
  expect(await syJson(environment, ...call)).toEqual({ ...reached, repeated: false });
  expect(await syJson(environment, ...call)).toEqual({ ...reached, repeated: true });
  expect(await client.receive("app:credits")).toEqual({ left: 5 });
  expect((await sy(environment, "notify", "room", "match:m1", "app:go", "1")).text).toContain("1 connected session");
  expect(await client.receive("app:go")).toBe(1);
  await client.caughtUp();
  expect(client.unread()).toEqual([]);
  const { code, text } = await sy(environment, "notify", "dialect", "random", "app:go", "1", "--by", "max");
  expect([code, text]).toEqual([1, expect.stringContaining("nobody is there")]);
  const { entries } = await syJson<{ entries: { notice: object }[] }>(environment, "audit");
  expect(entries).toMatchObject([
    { action: "notify", by: "max", notice: { name: "app:go", to: { kind: "dialect", dialect: "random" } } },
    { action: "notify", by: "sy", notice: { name: "app:go", to: { kind: "room", room: "match:m1" } } },
    { action: "notify", by: "sy", notice: { id: "credits-1", name: "app:credits" } },
  ]);
  expect(JSON.stringify(entries)).not.toContain("left");
  expect((await sy(environment, "audit")).text).toContain(`user ${client.user} of match`);
});

test.each([
  [["user", "ann", "app:go", "1"], "--dialect is needed"],
  [["user", "ann", "app:go", "{", "--dialect", "match"], "must be JSON"],
  [["somebody", "ann", "app:go", "1"], "must be one of user, room, dialect"],
  [["dialect", "match", "offer", "1"], "match itself has an event offer"],
])("2 for %j", async (args, message) => {
  const { code, aside } = await sy(environment, "notify", ...args);
  expect([code, aside]).toEqual([2, expect.stringContaining(message)]);
});
