import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sharedSecret, TokenVerifier } from "@switchyard/auth";
import { openTestStore } from "@switchyard/testkit";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { commands as known } from "../src/commands.ts";
import { readCall } from "../src/program.ts";
import { sy, syJson } from "./sy.ts";

const JWT_SECRET = "a secret that these tests alone know";

describe("token", () => {
  test("mints one that says what was asked for, without a Redis", async () => {
    const { code, text } = await sy(
      { JWT_SECRET, REDIS_URL: "redis://127.0.0.1:1" },
      "token",
      "--user",
      "ann",
      "--dialect",
      "match",
      "--room",
      "m1",
      "--expires",
      "2h",
    );
    expect(code).toBe(0);
    const claims = await new TokenVerifier(sharedSecret(JWT_SECRET)).verify(text);
    expect(claims).toMatchObject({ sub: "ann", dialect: "match", room: "m1" });
    const seconds = (claims.exp ?? 0) - Date.now() / 1000;
    expect(seconds).toBeGreaterThan(7100);
    expect(seconds).toBeLessThanOrEqual(7201);
  });

  test("as a document: the token, and what it says", async () => {
    const document = await syJson<object>({ JWT_SECRET }, "token", "--user", "ann", "--username", "Ann");
    expect(document).toEqual({ token: expect.any(String), sub: "ann", username: "Ann", expires: expect.any(Number) });
  });

  test("with the secret that the nodes agreed on, where none is set and this is not production", async () => {
    const REDIS_URL = inject("redisUrl");
    const { store, close } = await openTestStore(REDIS_URL);
    onTestFinished(close);
    const secret = await store.secrets.agreed("jwt"); // as a node does
    const { text } = await sy({ REDIS_URL }, "token", "--user", "ann");
    expect(await new TokenVerifier(sharedSecret(secret)).verify(text)).toMatchObject({ sub: "ann" });
    expect((await sy({ REDIS_URL, NODE_ENV: "production" }, "token", "--user", "ann")).code).toBe(1);
  });

  test("not where somebody else issues them", async () => {
    const { code, aside } = await sy({ JWT_SECRET, JWKS_URL: "https://issuer.example/keys" }, "token", "--user", "ann");
    expect([code, aside]).toEqual([1, expect.stringContaining("issued by somebody else")]);
  });

  test.each([
    [[], "--user is needed"],
    [["--user", ""], "--user is not usable"],
    [["--user", "ann", "--dialect", "latin"], "--dialect must be one of"],
    [["--user", "ann", "--expires", "soon"], "--expires must be"],
    [["--user", "ann", "--wrong"], "Unknown option '--wrong'"],
    [["ann"], "it is called as: sy token"],
  ])("2 for %j", async (args, message) => {
    const { code, text, aside } = await sy({ JWT_SECRET }, "token", ...args);
    expect([code, text, aside]).toEqual([2, "", expect.stringContaining(message)]);
  });
});

describe("config", () => {
  test("what counts, from where; secrets are hidden", async () => {
    const directory = await mkdtemp(join(tmpdir(), "sy-"));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const file = join(directory, "admin-token");
    await writeFile(file, "let me in");
    const environment = { JWT_SECRET, ADMIN_TOKEN_FILE: file, LEASE_MS: "5000", REDIS_URL: "redis://:pass@host" };
    const { code, text } = await sy(environment, "config", "--json");
    expect(code).toBe(0);
    for (const secret of [JWT_SECRET, "let me in", "pass"]) expect(text).not.toContain(secret);
    const document = JSON.parse(text);
    expect(document.problems).toEqual([]);
    const [signaling, matchmaker] = document.services;
    expect(signaling).toMatchObject({
      service: "signaling",
      settings: expect.arrayContaining([
        { name: "LEASE_MS", value: 5000, source: "environment" },
        { name: "RECONNECT_GRACE_MS", value: 25_000, source: "default" },
        { name: "JWT_SECRET", value: "(hidden)", source: "environment" },
        { name: "ADMIN_TOKEN", value: "(hidden)", source: "file" },
      ]),
    });
    expect(matchmaker.service).toBe("matchmaker");
  });

  test("1, and why, for what a node would not start with", async () => {
    const { code, text } = await sy({ NODE_ENV: "production", LEASE_MS: "x" }, "config");
    expect(code).toBe(1);
    expect(text).toContain("LEASE_MS is not usable");
    expect((await sy({ NODE_ENV: "production" }, "config")).text).toContain("JWT_SECRET is missing");
  });
});

describe("help", () => {
  test("every command, and how each is called", async () => {
    const { commands } = await syJson<{ commands: { name: string }[] }>({}, "help");
    const overview = await sy({}, "help");
    expect(await sy({})).toEqual(overview);
    for (const { name } of commands) {
      expect(overview.text).toContain(`  ${name}`);
      const { code, text } = await sy({}, name, "--help");
      expect([code, text]).toEqual([0, expect.stringContaining(`sy ${name}`)]);
    }
  });

  test("all about one command, also as a document", async () => {
    const { text } = await sy({}, "help", "drain");
    expect(text).toBe((await sy({}, "drain", "--help")).text);
    const document = await syJson<{ options: object; examples: unknown[] }>({}, "help", "drain");
    expect(document).toMatchObject({ name: "drain", operands: ["<node>"], options: { timeout: { value: "ms" } } });
    expect(document.examples).not.toEqual([]);
  });

  test("its examples are calls that are understood", async () => {
    const { commands } = await syJson<{ commands: { name: string; examples: { call: string }[] }[] }>({}, "help");
    const nowhere = { REDIS_URL: "redis://127.0.0.1:1", JWT_SECRET };
    for (const { name, examples } of commands) {
      for (const { call } of examples) {
        const words = call.replace(/ \|.*/, "").match(/"[^"]*"|\S+/g) ?? [];
        const [, ...args] = words.map((word) => word.replaceAll('"', ""));
        expect(args[0] === name || name === "kick", call).toBe(true);
        expect(() => readCall(known, args), call).not.toThrow();
        if (name === "load" || name === "chaos") continue; // they would not look for Redis, but load a cluster, or start one
        expect((await sy(nowhere, ...args)).code, call).not.toBe(2);
      }
    }
  });

  test.each([["reboot"], ["help", "reboot"]])("2 for a command that there isn't", async (...args) => {
    const { code, aside } = await sy({}, ...args);
    expect([code, aside]).toEqual([2, expect.stringContaining('there is no command "reboot"')]);
  });

  test.each([
    [["drain", "--help", "--no-such-option"], "Unknown option '--no-such-option'"],
    [["drain", "--no-such-option", "--help"], "Unknown option '--no-such-option'"],
    [["token", "--user", "--help"], "--user needs a value"],
  ])("2 for %j: a call with a mistake gets no help text", async (args, message) => {
    const { code, text, aside } = await sy({}, ...args);
    expect([code, text, aside]).toEqual([2, "", expect.stringContaining(message)]);
  });

  test("2 where what is named is empty", async () => {
    const { code, aside } = await sy({}, "kick", "");
    expect([code, aside]).toEqual([2, expect.stringContaining("it is called as: sy kick <session>")]);
  });
});
