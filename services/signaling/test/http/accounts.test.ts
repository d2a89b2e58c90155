import { Passwords, sharedSecret, TokenVerifier } from "@switchyard/auth";
import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { patient } from "../patient.ts";

const secret = "a secret that these tests alone know";
let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, JWT_SECRET: secret, JWT_EXPIRES_IN: "2h" };
  cluster = await startCluster({ matchmakers: 0, environment });
  return cluster.stop;
});

type Body = Record<string, unknown>;
const newName = () => `Ann_${crypto.randomUUID().slice(0, 8)}`;
const password = "correct horse";
async function post(route: "register" | "login", body: unknown, node = 0): Promise<[number, Body]> {
  const response = await fetch(`${cluster.node(node).url}/api/auth/${route}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  expect(response.headers.get("cache-control")).toBe("no-store");
  return [response.status, (await response.json()) as Body];
}
const wrong = { error: "The name or the password is wrong.", code: "unauthorized" };
const taken = { error: "That name is taken.", code: "username_taken" };

describe("an account", () => {
  test("gives tokens for its user and `chat` alone, at every node", async () => {
    const username = newName();
    const from = Math.floor(Date.now() / 1000);
    const [status, registered] = await post("register", { username, password }, 0);
    expect([status, registered]).toEqual([201, { token: expect.any(String), username }]);
    const [loginStatus, loggedIn] = await post("login", { username, password }, 1);
    expect([loginStatus, loggedIn]).toEqual([200, { token: expect.any(String), username }]);
    for (const { token } of [registered, loggedIn]) {
      const { exp = 0, ...claims } = await new TokenVerifier(sharedSecret(secret)).verify(token);
      expect(claims).toEqual({ sub: username, username, dialect: "chat", account: expect.any(String) });
      expect(exp).toBeGreaterThanOrEqual(from + 7200);
      expect(exp).toBeLessThanOrEqual(Date.now() / 1000 + 7200 + 1);
    }
  });

  test("is one, whatever the case of its letters, and is called as it was registered", async () => {
    const username = newName();
    await post("register", { username, password });
    for (const form of [username, username.toUpperCase(), username.toLowerCase()]) {
      expect(await post("register", { username: form, password: "another password" }, 1)).toEqual([409, taken]);
      expect(await post("login", { username: form, password })).toMatchObject([200, { username }]);
      expect(await post("login", { username: form, password: "another password" })).toEqual([401, wrong]);
    }
  });

  test("is made once, when several want it at once", async () => {
    const username = newName();
    const attempts = Array.from({ length: 8 }, (_, i) =>
      post("register", { username, password: `${password}${i}` }, i % 2),
    );
    const outcomes = await Promise.all(attempts);
    expect(outcomes.filter(([status]) => status === 201)).toHaveLength(1);
    expect(outcomes.filter(([status]) => status === 409)).toHaveLength(7);
    const winner = outcomes.findIndex(([status]) => status === 201);
    for (const i of outcomes.keys()) {
      const [status] = await post("login", { username, password: `${password}${i}` });
      expect(status).toBe(i === winner ? 200 : 401);
    }
  });

  test("keeps no password: only its hash is in Redis", async () => {
    const username = newName();
    await post("register", { username, password: "a very particular password" });
    const kept = await cluster.store.accounts.find(username);
    expect(kept?.password).toMatch(/^\$argon2id\$/);
    expect(JSON.stringify(kept)).not.toContain("particular");
  });
});

describe("a login", () => {
  test("with a wrong password and with a wrong name say the same, and take as long", async () => {
    const username = newName();
    await post("register", { username, password });
    const verify = vi.spyOn(Passwords.prototype, "verify");
    onTestFinished(() => verify.mockRestore());
    for (const name of [username, newName()]) {
      expect(await post("login", { username: name, password: "wrong password" })).toEqual([401, wrong]);
    }
    // one check each, which takes as long without an account: what `Passwords` promises, and its own test measures
    const [known, unknown] = verify.mock.calls;
    expect(known).toEqual([expect.stringMatching(/^\$argon2id\$/), "wrong password"]);
    expect(unknown).toEqual([undefined, "wrong password"]);
    expect(verify).toHaveBeenCalledTimes(2);
  });

  test("with a name that could never be registered is wrong in the same way", async () => {
    expect(await post("login", { username: "no such näme", password })).toEqual([401, wrong]);
  });
});

describe("what is refused with 400, in one sentence, and changes nothing", () => {
  const good = { username: "somebody", password };
  test.each<["register" | "login", unknown, RegExp]>([
    ["register", { ...good, username: "ab" }, /^username: /],
    ["register", { ...good, username: "a".repeat(33) }, /^username: /],
    ["register", { ...good, username: "with space" }, /^username: /],
    ["register", { ...good, username: "ünicode" }, /^username: /],
    ["register", { ...good, username: "sy:{x}" }, /^username: /],
    ["register", { ...good, username: 12345 }, /^username: /],
    ["register", { ...good, password: "1234567" }, /^password: /],
    ["register", { ...good, password: "x".repeat(129) }, /^password: /],
    ["register", { ...good, password: ["correct horse"] }, /^password: /],
    ["register", { username: "somebody" }, /^password: /],
    ["register", { ...good, password: "12345678" }, /^password: is too easy to guess/],
    ["register", { ...good, password: "Password123" }, /^password: is too easy to guess/],
    ["register", { ...good, password: "somebody1" }, /^password: is too easy to guess/],
    ["register", { ...good, password: "x".repeat(128) }, /^password: is too easy to guess/],
    ["register", [], /./],
    ["register", "null", /./],
    ["register", "{", /./],
    ["register", "", /./],
    ["register", '{"__proto__":{"username":"somebody"},"password":"correct horse"}', /./],
    ["login", { username: "somebody" }, /^password: /],
    ["login", { password }, /^username: /],
    ["login", { username: { $ne: null }, password }, /^username: /],
    ["login", "[", /./],
  ])("%s %j", async (route, body, sentence) => {
    const [status, answer] = await post(route, body);
    expect([status, answer]).toEqual([400, { error: expect.stringMatching(sentence), code: "validation" }]);
    expect(JSON.stringify(answer)).not.toContain("correct horse");
    expect(await cluster.store.accounts.exists("somebody")).toBe(false);
  });

  test("the shortest and the longest that is allowed is taken", async () => {
    const id = crypto.randomUUID().replaceAll("-", "");
    const names = [id.slice(0, 3), id.slice(0, 32), `${id.slice(0, 8)}._-Z9`];
    for (const username of names) {
      expect(await post("register", { username, password: "q7Zk-w2x" })).toMatchObject([201, { username }]);
    }
    const long = newName();
    const longest = Array.from({ length: 4 }, () => crypto.randomUUID().slice(0, 32)).join("");
    await post("register", { username: long, password: longest });
    expect((await post("login", { username: long, password: longest }))[0]).toBe(200);
    expect((await post("login", { username: long, password: longest.slice(0, 127) }))[0]).toBe(401);
  });
});

test("where registration is closed nobody gets an account, and who has one logs in", async () => {
  const username = newName();
  await post("register", { username, password });
  const closed = await cluster.start("signaling", { REGISTRATION: "closed" });
  const at = cluster.nodes.indexOf(closed);
  const refused = [404, { error: "Nobody can register here.", code: "not_found" }];
  for (const name of [newName(), username])
    expect(await post("register", { username: name, password }, at)).toEqual(refused);
  expect(await post("login", { username, password }, at)).toMatchObject([200, { username }]);
});
