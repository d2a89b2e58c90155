import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { sy, syJson } from "./sy.ts";

const PASSWORD = "correct horse";
let cluster: TestCluster;
let environment: Record<string, string>;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, environment: { LEASE_MS: 60_000, RECONNECT_GRACE_MS: 600_000 } });
  environment = { REDIS_URL: cluster.redisServer.url };
  return cluster.stop;
});

async function post(route: string, username: string, password: string) {
  const response = await fetch(`${cluster.node(0).url}/api/auth/${route}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  return { status: response.status, ...((await response.json()) as { token: string }) };
}

async function connected() {
  const name = `Ann-${crypto.randomUUID().slice(0, 8)}`;
  const { token } = await post("register", name, PASSWORD);
  const client = await cluster.connect(0, { namespace: "/chat", auth: { token } });
  const end = new Promise((done) => client.socket.once("disconnect", done));
  return { name, client, end };
}

test("accounts are listed and shown, and nothing of a password", async () => {
  const { name, client } = await connected();
  const { accounts, total } = await syJson<{ accounts: { username: string }[]; total: number }>(
    environment,
    ...["account", "list", "--limit", "1"],
  );
  expect([accounts.map(({ username }) => username), total > 0]).toEqual([[name], true]);
  const { text } = await sy(environment, "account", "show", name.toUpperCase());
  expect(text).toMatch(new RegExp(`account +${name}\n[\\s\\S]*sessions +${client.socket.id}`));
  expect(text).not.toContain("argon2");
});

test("a password is set, and the account logged out everywhere", async () => {
  const { name, end } = await connected();
  const { code, text } = await sy(environment, "account", "passwd", name, "--reason", "Forgotten", "--by", "max");
  expect(code).toBe(0);
  expect(await end).toBe("io server disconnect");
  expect((await post("login", name, PASSWORD)).status).toBe(401);
  expect((await post("login", name, text.trim())).status).toBe(200);
  const { id } = await syJson<{ id: string }>(environment, "account", "show", name);
  expect((await sy(environment, "audit", "--limit", "1")).text).toMatch(
    new RegExp(`max +account-passwd +account ${id} +- +- +Forgotten`),
  );
});

test("an account is logged out, exported and removed", async () => {
  const { name, client, end } = await connected();
  await client.request("send_message", { text: "hello" });
  const exported = await syJson<{ messages: object[] }>(
    environment,
    "account",
    "export",
    name,
    "--reason",
    "Asked for",
  );
  expect(exported.messages).toMatchObject([{ text: "hello" }]);
  expect((await sy(environment, "account", "revoke", name, "--reason", "Stolen")).code).toBe(0);
  expect(await end).toBe("io server disconnect");
  expect((await sy(environment, "account", "rm", name, "--reason", "Asked for")).code).toBe(0);
  await until("it to be gone", async () => !(await cluster.store.accounts.exists(name)));
  expect((await sy(environment, "account", "show", name)).code).toBe(1);
});

test.each([
  [["account", "find", "ann"], 2],
  [["account", "show"], 2],
  [["account", "revoke", "ann"], 2],
  [["account", "revoke", "nobody", "--reason", "x"], 1],
  [["account", "rm", "nobody", "--reason", "x", "--messages", "burn"], 2],
])("%j ends with %i", async (args, code) => {
  expect((await sy(environment, ...args)).code).toBe(code);
});
