import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asUser, openTestStore, passwordOf, startCluster } from "@switchyard/testkit";
import { expect, inject, onTestFinished, test } from "vitest";
import { runCli } from "../src/cli.ts";
import { commands } from "../src/commands.ts";
import { type Environment, readSyConfig } from "../src/config.ts";

function newDirectory(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), "switchyard-sy-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

async function call(environment: Environment, ...args: string[]) {
  let said = "";
  const note = (text: string) => {
    said += text;
  };
  return { code: await runCli(args, environment, { answer: note, aside: note }), said };
}

test("whoever has the observer's password only can read, and change nothing", async () => {
  const { close } = await openTestStore(inject("redisUrl"));
  onTestFinished(close);
  const REDIS_PASSWORDS_DIR = newDirectory({ redis_observer: passwordOf("observer") });
  const environment = { REDIS_URL: inject("redisUrl"), REDIS_PASSWORDS_DIR };
  for (const line of ["status", "queues", "rooms", "sessions", "keys", "bans", "reports", "audit", "account list"]) {
    const { code, said } = await call(environment, ...line.split(" "));
    expect([line, code, said]).toEqual([line, expect.toBeOneOf([0, 1]), expect.not.stringContaining("NOPERM")]);
  }
  for (const line of [
    ["kick", "x"],
    ["ban", "user", "ann", "--reason", "spam"],
    ["unban", "x"],
    ["resolve", "x", "uphold", "--reason", "no"],
    ["message", "rm", "chat:all", "1-0", "--reason", "no"],
    ["account", "revoke", "ann", "--reason", "lost"],
    ["drain", "x"],
    ["close", "x"],
    ["token", "--user", "ann"],
    ["doctor", "--repair"],
  ]) {
    expect(await call(environment, ...line)).toEqual({ code: 2, said: expect.stringContaining("redis_operator") });
  }
});

test("with the observer's rights, an order is refused by Redis itself", async () => {
  const cluster = await startCluster({ nodes: 0, matchmakers: 0 });
  onTestFinished(async () => {
    await cluster.redis.call("ACL", "LOG", "RESET"); // refusals are what is wanted here
    await cluster.stop();
  });
  const url = asUser(cluster.redisServer.url, "observer");
  const { code, said } = await call({ REDIS_URL: url }, "drain", "nobody");
  expect([code, said]).not.toEqual([0, expect.anything()]);
  const { said: token } = await call({ REDIS_URL: url }, "token", "--user", "ann");
  expect(token).toContain("sy needs Redis's user `observer` to read, and `operator` to change something");
});

test("of what npm start runs here it is the user that it needs, too", () => {
  const users = { observer: "redis://observer@127.0.0.1:1", operator: "redis://operator@127.0.0.1:1" };
  const state = { redis: { url: "redis://admin@127.0.0.1:1", users } };
  const RUN_DIR = newDirectory({ "state.json": JSON.stringify(state) });
  for (const user of ["observer", "operator"] as const) {
    expect(readSyConfig({ RUN_DIR }, user).REDIS_URL).toBe(users[user]);
  }
});

test("commands that change something say so", () => {
  const flags = (given: string) => ({ has: (name: string) => name === given }) as never;
  const changing = commands.filter(({ changes }) => changes?.(flags("repair"), [])).map(({ name }) => name);
  const verbs = ["ban", "mute", "shadow", "unban", "resolve", "message", "notify", "account", "token"];
  expect(changing).toEqual(["doctor", "drain", "kick", "close", ...verbs]);
  expect(commands.find(({ name }) => name === "doctor")?.changes?.(flags("rules"), [])).toBe(false);
});
