import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { ADMIN_TOKEN, type Asked, ask, OBSERVER_TOKEN, PASSWORD, registered } from "./account-requests.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, ADMIN_TOKEN, OBSERVER_TOKEN } });
  return cluster.stop;
});

const operate = (method: string, path: string, asked: Asked = {}) =>
  ask(cluster, method, `admin/accounts${path}`, { token: ADMIN_TOKEN, ...asked });
const reason = "Asked for by letter";

test("lists and shows accounts, and nothing of a password", async () => {
  const { username } = await registered(cluster);
  for (const token of [ADMIN_TOKEN, OBSERVER_TOKEN]) {
    const { body, text } = await operate("GET", "", { token, node: 1 });
    expect(body.accounts.map((one) => one.username)).toContain(username);
    const shown = await operate("GET", `/${username.toUpperCase()}`, { token });
    expect(shown.body).toEqual({ username, id: expect.any(String), created: expect.any(String), sessions: [] });
    expect(text + shown.text).not.toMatch(/argon2|password/);
  }
  expect(await operate("GET", "/nobody")).toMatchObject({ status: 404, body: { code: "not_found" } });
  expect(await operate("GET", "?cursor=x")).toMatchObject({ status: 400, body: { code: "validation" } });
});

test("sets a password, logs out and exports, each with its entry in the audit log", async () => {
  const { username, token } = await registered(cluster);
  const { id } = (await operate("GET", `/${username}`)).body;
  const exported = await operate("POST", `/${username}/export`, { body: { reason }, by: "max" });
  expect([exported.status, exported.body.username]).toEqual([200, username]);
  expect((await operate("POST", `/${username}/revoke`, { body: { reason } })).status).toBe(200);
  expect((await ask(cluster, "GET", "account/export", { token })).status).toBe(401);
  const body = { reason, password: "battery staple" };
  expect((await operate("POST", `/${username}/password`, { body })).status).toBe(200);
  const logIn = (password: string) => ask(cluster, "POST", "auth/login", { body: { username, password } });
  expect([(await logIn(PASSWORD)).status, (await logIn("battery staple")).status]).toEqual([401, 200]);
  const { entries } = (await ask(cluster, "GET", "admin/audit", { token: ADMIN_TOKEN })).body;
  expect(entries.slice(0, 3)).toMatchObject([
    { action: "account-passwd", by: "api", account: id, reason },
    { action: "account-revoke", by: "api", account: id, reason },
    { action: "account-export", by: "max", account: id, reason },
  ]);
});

test("needs a reason, an account and the right token", async () => {
  const { username } = await registered(cluster);
  const revoke = (name: string, asked: Asked) => operate("POST", `/${name}/revoke`, asked);
  expect(await revoke(username, { body: {} })).toMatchObject({ status: 400, body: { code: "validation" } });
  expect(await revoke(username, { body: { reason: "a\u0007b" } })).toMatchObject({ status: 400 });
  expect(await revoke("nobody", { body: { reason } })).toMatchObject({ status: 404 });
  expect(await revoke(username, { token: OBSERVER_TOKEN, body: { reason } })).toMatchObject({ status: 403 });
  expect(await revoke(username, { token: "x", body: { reason } })).toMatchObject({ status: 401 });
});

test("sets no password of an account that is being removed, and says so", async () => {
  const { username } = await registered(cluster);
  await cluster.store.accounts.voidTokens(username, "erase"); // by a process that has died; here is no sweep
  const body = { reason, password: "battery staple" };
  const refused = await operate("POST", `/${username}/password`, { body });
  expect(refused).toMatchObject({ status: 404, body: { code: "not_found" } });
});
