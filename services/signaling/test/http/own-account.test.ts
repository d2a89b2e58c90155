import { Passwords } from "@switchyard/auth";
import { startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { openBearer } from "../admission/tokens.ts";
import { patient } from "../patient.ts";
import { ask, newName, PASSWORD, registered } from "./account-requests.ts";

let cluster: TestCluster;
beforeAll(async () => {
  const environment = {
    ...patient,
    JWT_SECRET: "a secret that these tests alone know",
    LOGIN_FREE_TRIES: 5,
    LOGIN_BLOCK_DURATION: 600,
  };
  cluster = await startCluster({ matchmakers: 1, environment });
  return cluster.stop;
});

const enter = (token: string, node = 0) => cluster.connect(node, { namespace: "/chat", auth: { token } });
const ended = ({ socket }: TestClient) => new Promise((done) => socket.once("disconnect", done));
const logIn = (body: object, node = 0) => ask(cluster, "POST", "auth/login", { body, node });
/** Why a client with that token may not connect. */
async function refusalOf(token: string, node: number): Promise<unknown> {
  const { client, errors } = openBearer(cluster, node, token, { namespace: "/chat" });
  const [refusal] = await until("it to be refused", () => (errors.length > 0 ? errors : undefined));
  client.socket.disconnect();
  return refusal?.data;
}

test("another password: the old one and all tokens from before are void, and sessions end at every node", async () => {
  const { username, token } = await registered(cluster);
  const clients = [await enter(token, 0), await enter(token, 1)];
  const ends = clients.map(ended);
  const body = { password: PASSWORD, newPassword: "battery staple" };
  const changed = await ask(cluster, "POST", "account/password", { token, body });
  expect([changed.status, changed.body]).toEqual([200, { token: expect.any(String), username }]);
  expect(await Promise.all(ends)).toEqual(["io server disconnect", "io server disconnect"]);
  const told = clients.map(({ received }) => received.find(({ name }) => name === "error")?.args[0]);
  expect(told).toMatchObject(clients.map(() => ({ type: "unauthorized", message: "You are logged out." })));
  for (const node of [0, 1]) expect(await refusalOf(token, node)).toEqual({ code: "unauthorized" });
  expect((await logIn({ username, password: PASSWORD })).status).toBe(401);
  expect((await logIn({ username, password: "battery staple" })).status).toBe(200);
  const again = await enter(changed.body.token, 1);
  expect((await again.request("send_message", { text: "back" })).ok).toBe(true);
});

test("a login whose password is changed while it is checked gets no token that stays valid", async () => {
  const { username, token } = await registered(cluster);
  const verify = vi.spyOn(Passwords.prototype, "verify");
  onTestFinished(() => verify.mockRestore());
  verify.mockImplementationOnce(async function (this: Passwords, kept, password) {
    const body = { password: PASSWORD, newPassword: "battery staple" };
    expect((await ask(cluster, "POST", "account/password", { token, body })).status).toBe(200);
    return this.verify(kept, password);
  });
  const { status, body } = await logIn({ username, password: PASSWORD });
  if (status === 200) expect(await refusalOf(body.token, 1)).toEqual({ code: "unauthorized" });
  else expect(status).toBe(401);
});

test("another password needs the present one, a better one, and a token that is valid", async () => {
  const { username, token } = await registered(cluster);
  const change = (password: string, newPassword: string, shown: string | undefined = token) =>
    ask(cluster, "POST", "account/password", {
      ...(shown === "" ? {} : { token: shown }),
      body: { password, newPassword },
    });
  expect(await change("wrong password", "battery staple")).toMatchObject({
    status: 401,
    body: { code: "unauthorized", error: "The password is wrong." },
  });
  expect(await change(PASSWORD, "password1")).toMatchObject({ status: 400, body: { code: "validation" } });
  expect(await change(PASSWORD, "battery staple", "")).toMatchObject({ status: 401, body: { code: "unauthorized" } });
  expect((await logIn({ username, password: PASSWORD })).status).toBe(200);
});

test("logging out everywhere makes every token void", async () => {
  const { username, token } = await registered(cluster);
  const other = (await logIn({ username, password: PASSWORD }, 1)).body.token;
  const client = await enter(other, 1);
  const end = ended(client);
  expect((await ask(cluster, "POST", "account/logout", { token })).status).toBe(200);
  expect(await end).toBe("io server disconnect");
  for (const one of [token, other]) {
    expect(await refusalOf(one, 0)).toEqual({ code: "unauthorized" });
    expect((await ask(cluster, "GET", "account/export", { token: one })).status).toBe(401);
  }
  expect((await logIn({ username, password: PASSWORD })).status).toBe(200);
});

test("a session that waits for its client does not outlast the token, and can't be recovered", async () => {
  const { username, token } = await registered(cluster);
  const client = await enter(token);
  client.socket.io.engine.close();
  const [session = ""] = await cluster.store.users.sessions("chat", username);
  await until("it to be detached", async () => (await cluster.store.sessions.read(session))?.state !== "live");
  client.socket.disconnect();
  await ask(cluster, "POST", "account/logout", { token });
  await until("it to be gone", async () => (await cluster.store.users.sessions("chat", username)).length === 0);
});

test("an export has the messages, and nothing of the password", async () => {
  const { username, token } = await registered(cluster);
  const client = await enter(token);
  for (const text of ["one", "two"]) await client.request("send_message", { text });
  const { status, text, body } = await ask(cluster, "GET", "account/export", { token, node: 1 });
  expect([status, body.username, body.messages.map((message) => message.text)]).toEqual([
    200,
    username,
    ["one", "two"],
  ]);
  expect(body).toMatchObject({ created: expect.any(String), sessions: [{ dialect: "chat" }], bans: [] });
  expect(text).not.toContain("argon2");
});

test("a token that no account here has issued is none for an account", async () => {
  const { username } = await registered(cluster);
  expect((await ask(cluster, "GET", "account/export", { token: "x.y.z" })).status).toBe(401);
  expect((await ask(cluster, "POST", "account/delete", { body: { password: PASSWORD } })).status).toBe(401);
  expect((await logIn({ username, password: PASSWORD })).status).toBe(200);
});

test("others who guess keep out everybody but the owner's own device", async () => {
  const { username, device } = await registered(cluster);
  for (let i = 0; i < 5; i += 1) await logIn({ username, password: `guess ${i}` }, i % 2);
  expect((await logIn({ username, password: PASSWORD })).status).toBe(429);
  for (const node of [0, 1]) {
    const { status, body } = await logIn({ username, password: PASSWORD, device }, node);
    expect([status, body.device]).toEqual([200, expect.stringMatching(/^[\w-]{16}\.[\w-]{43}$/)]);
  }
  expect((await logIn({ username, password: PASSWORD })).status).toBe(429);
  const other = await registered(cluster, newName());
  expect((await logIn({ username, password: PASSWORD, device: other.device })).status).toBe(429);
  const [id = "", proof = ""] = device.split(".");
  const forged = `${id}.${proof.startsWith("x") ? "y" : "x"}${proof.slice(1)}`; // of its last character only four bits count
  expect((await logIn({ username, password: PASSWORD, device: forged })).status).toBe(429);
});
