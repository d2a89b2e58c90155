import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AccountActions } from "../../src/dialects/chat/account-actions.ts";

const happened: unknown[] = [];
const actions = new AccountActions({
  account: () => ({ username: "ann", token: "t1" }),
  renewed: (account, notice) => happened.push(account, notice),
  ended: (notice) => happened.push(notice),
});

beforeEach(() => void happened.splice(0));
afterEach(() => vi.unstubAllGlobals());

function answers(status: number, body: object, headers: Record<string, string> = {}) {
  const asked = vi.fn(async (_path: string, _init: RequestInit) => Response.json(body, { status, headers }));
  vi.stubGlobal("fetch", asked);
  return asked;
}

test("a new password goes with the token of now, and the account goes on with the one of the answer", async () => {
  const asked = answers(200, { username: "ann", token: "t2" });
  expect(await actions.changePassword("old", "new")).toEqual({ problem: null });
  const [path, init] = asked.mock.calls[0] ?? [];
  expect([path, init?.method, init?.body]).toEqual([
    "/api/account/password",
    "POST",
    JSON.stringify({ password: "old", newPassword: "new" }),
  ]);
  expect(init?.headers).toMatchObject({ authorization: "Bearer t1" });
  expect(happened).toEqual([{ username: "ann", token: "t2" }, expect.stringMatching(/is changed/)]);
});

test("to log out everywhere and to delete the account end the stay", async () => {
  answers(200, { username: "ann" });
  await actions.logOutEverywhere();
  await actions.deleteAccount("old");
  expect(happened).toEqual([expect.stringMatching(/everywhere/), expect.stringMatching(/deleted/)]);
});

test.each([
  { status: 400, body: { error: "newPassword: Too small", code: "validation" }, problem: /harder to guess/ },
  {
    status: 401,
    body: { error: "The password is wrong.", code: "unauthorized" },
    problem: /^The password is wrong\.$/,
  },
  { status: 401, body: { error: "The token is not valid." }, lost: true, problem: /log in again/ },
  { status: 429, body: { error: "x", code: "rate_limited", retryAfterMs: 2500 }, problem: /Try again in 3 s/ },
  { status: 503, body: { error: "The server can't do that right now; try again." }, problem: /try again/ },
])("a refusal ($status) is put in plain words, and nothing else happens", async ({ status, body, lost, problem }) => {
  answers(status, body, lost ? { "www-authenticate": "Bearer" } : {});
  expect(await actions.changePassword("old", "new")).toEqual({ problem: expect.stringMatching(problem) });
  expect(happened).toEqual([]);
});

test("so is a server that can't be reached", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await actions.downloadData()).toEqual({ problem: expect.stringMatching(/can't be reached/) });
});
