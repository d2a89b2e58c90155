import { afterEach, expect, test, vi } from "vitest";
import { keepAccount, keptAccount, logIn } from "../../src/dialects/chat/account.ts";

const credentials = { username: "ann", password: "…" };

afterEach(() => vi.unstubAllGlobals());

function answers(status: number, body: object) {
  const asked = vi.fn(async (_path: string, _init: RequestInit) => Response.json(body, { status }));
  vi.stubGlobal("fetch", asked);
  return asked;
}

test("a registration is posted as JSON and answered with the account", async () => {
  const asked = answers(201, { token: "t", username: "ann" });
  expect(await logIn("register", credentials)).toEqual({ account: { token: "t", username: "ann" } });
  const [path, init] = asked.mock.calls[0] ?? [];
  expect([path, init?.method, init?.body]).toEqual([
    "/api/auth/register",
    "POST",
    JSON.stringify({ ...credentials, device: "" }),
  ]);
});

test("a device that has logged in with a name shows that, whatever the case of its letters", async () => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  const asked = answers(200, { token: "t", username: "Ann", device: "proof" });
  for (const username of ["Ann", "ANN", "ben"]) await logIn("login", { username, password: "…" });
  const shown = asked.mock.calls.map(([, init]) => JSON.parse(String(init.body)).device);
  expect(shown).toEqual(["", "proof", ""]);
});

test("a refusal is the server's sentence; a server that is away has one too", async () => {
  answers(401, { error: "Wrong name or password.", code: "unauthorized" });
  expect(await logIn("login", credentials)).toEqual({ problem: "Wrong name or password." });
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await logIn("login", credentials)).toMatchObject({ problem: expect.stringMatching(/can't be reached/) });
});

test("an account is kept over a reload, until it is forgotten", () => {
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  expect(keptAccount()).toBeNull();
  keepAccount({ username: "ann", token: "t" });
  expect(keptAccount()).toEqual({ username: "ann", token: "t" });
  keepAccount(null);
  expect([keptAccount(), kept.size]).toEqual([null, 0]);
});
