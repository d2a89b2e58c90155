import { keys } from "@switchyard/store";
import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { patient } from "../patient.ts";
import { ADMIN_TOKEN, ask, newName, PASSWORD, registered } from "./account-requests.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 1, environment: { ...patient, ADMIN_TOKEN } });
  return cluster.stop;
});

const enter = (token: string, node = 0) => cluster.connect(node, { namespace: "/chat", auth: { token } });
const ended = ({ socket }: TestClient) => new Promise((done) => socket.once("disconnect", done));

/** Every key, and all that it holds, as texts. */
async function everything(): Promise<[key: string, text: string][]> {
  const { redis } = cluster;
  const read = async (key: string): Promise<unknown> => {
    const type = await redis.type(key);
    if (type === "hash") return redis.hgetall(key);
    if (type === "stream") return redis.xrange(key, "-", "+");
    if (type === "zset") return redis.zrange(key, "0", "-1");
    if (type === "set") return redis.smembers(key);
    if (type === "list") return redis.lrange(key, 0, -1);
    return redis.get(key);
  };
  const keys = await redis.keys("*");
  return Promise.all(keys.map(async (key): Promise<[string, string]> => [key, JSON.stringify(await read(key))]));
}

async function placesOf(...texts: readonly string[]): Promise<string[]> {
  const wanted = texts.map((text) => text.toLowerCase());
  const all = await everything();
  return all.flatMap(([key, text]) =>
    wanted.some((one) => `${key} ${text}`.toLowerCase().includes(one)) ? [key] : [],
  );
}

test("an account that its owner deletes is nowhere in Redis any longer, and its tokens are void at once", async () => {
  const { username, token } = await registered(cluster);
  const clients = [await enter(token, 0), await enter(token, 1)];
  for (const client of clients) await client.request("send_message", { text: `by ${clients.indexOf(client)}` });
  await ask(cluster, "POST", "auth/login", { body: { username, password: "wrong password" } });
  const other = await registered(cluster);
  const neighbour = await enter(other.token, 1);
  await neighbour.request("send_message", { text: "stays" });
  expect(await placesOf(username)).not.toEqual([]);
  const ends = clients.map(ended);
  const removal = await ask(cluster, "POST", "account/delete", { token, body: { password: PASSWORD } });
  expect([removal.status, removal.body]).toEqual([202, { username, messages: "erase" }]);
  for (const node of [0, 1]) expect((await ask(cluster, "GET", "account/export", { token, node })).status).toBe(401);
  expect(await Promise.all(ends)).toEqual(["io server disconnect", "io server disconnect"]);
  neighbour.socket.disconnect(); // what was sent to others goes with their sessions
  await until("nothing of it to be left", async () => (await placesOf(username)).length === 0);
  const late = await enter(other.token, 0);
  const history = await late.receive<{ text: string }[]>("message_history");
  expect(history.map(({ text }) => text)).toEqual(["stays"]);
  expect((await ask(cluster, "POST", "auth/login", { body: { username, password: PASSWORD } })).status).toBe(401);
  await registered(cluster, username); // the name is free
  expect((await ask(cluster, "GET", "account/export", { token })).status).toBe(401);
});

test("an operator's removal is in the audit log, without the name; the messages stay without it", async () => {
  const { username, token } = await registered(cluster);
  const client = await enter(token);
  await client.request("send_message", { text: "to be kept" });
  const end = ended(client);
  const { id } = (await ask(cluster, "GET", `admin/accounts/${username}`, { token: ADMIN_TOKEN })).body;
  const removal = await ask(cluster, "POST", `admin/accounts/${username}/remove`, {
    token: ADMIN_TOKEN,
    by: "max",
    body: { reason: "Asked for by letter", messages: "anonymise" },
  });
  expect(removal.status).toBe(202);
  await end;
  await until("nothing of it to be left", async () => (await placesOf(username)).length === 0);
  expect(await placesOf(id)).toEqual(["sy:{moderation}:audit"]);
  const { entries } = (await ask(cluster, "GET", "admin/audit", { token: ADMIN_TOKEN })).body;
  expect(entries[0]).toMatchObject({ action: "account-rm", by: "max", account: id, reason: "Asked for by letter" });
  const other = await enter((await registered(cluster)).token);
  const history = await other.receive<{ text: string; username: string }[]>("message_history");
  expect(history.filter(({ text }) => text === "to be kept")).toMatchObject([{ username: "[deleted]" }]);
});

test("a removal whose process died is finished by another one", async () => {
  const { username, token } = await registered(cluster);
  const client = await enter(token);
  await client.request("send_message", { text: "gone" });
  const end = ended(client);
  const { accounts } = cluster.store;
  await accounts.begin(username);
  await accounts.voidTokens(username, "erase"); // and it dies
  expect(await end).toBe("io server disconnect");
  await until("nothing of it to be left", async () => (await placesOf(username)).length === 0);
});

test("an account that can't be finished does not keep others from being removed", async () => {
  const { username } = await registered(cluster);
  const { redis, store } = cluster;
  const broken = await store.accounts.begin(newName());
  onTestFinished(async () => {
    await store.accounts.settle(broken);
    await redis.del(keys.accountState(broken.name));
  });
  await redis.set(keys.accountState(broken.name), "no hash");
  await store.accounts.begin(username); // the later one
  await store.accounts.voidTokens(username, "erase");
  await until("nothing of it to be left", async () => (await placesOf(username)).length === 0);
});
