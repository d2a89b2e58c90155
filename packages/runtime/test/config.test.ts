import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ConfigError, isSecret, readConfig, type SettingName, settings } from "../src/index.ts";

const names = Object.keys(settings) as SettingName[];

function problemOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("it was read");
}

async function secretFile(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-secret-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "secret");
  await writeFile(path, text);
  return path;
}

test("nothing has to be set", () => {
  const config = readConfig(names, {});
  expect(config).toMatchObject({
    PORT: 3000,
    REDIS_URL: "redis://127.0.0.1:6379",
    RECONNECT_GRACE_MS: 25_000,
    NODES: 2,
  });
});

test("only what was asked for is read", () => {
  expect(readConfig(["PORT"], { PORT: "4000", NODES: "many" })).toEqual({ PORT: 4000 });
});

test("blanks around a value don't count, and an empty value is one that is not set", () => {
  expect(readConfig(["PORT", "ROOT_DIALECT", "NODES"], { PORT: " 4000 ", ROOT_DIALECT: "", NODES: "  " })).toEqual({
    PORT: 4000,
    ROOT_DIALECT: undefined,
    NODES: 2,
  });
});

test("lists are divided at commas", () => {
  expect(readConfig(["CORS_ORIGIN"], { CORS_ORIGIN: "https://a.example, ,https://b.example," })).toEqual({
    CORS_ORIGIN: ["https://a.example", "https://b.example"],
  });
});

describe("a value that can't be used is named, with what it is and what it should be", () => {
  test.each<[SettingName, string]>([
    ["PORT", "eighty"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "80.5"],
    ["NODES", "0"],
    ["LOG_LEVEL", "loud"],
    ["NODE_ENV", "staging"],
    ["NODE_NAME", "a name"],
    ["RECONNECT_GRACE_MS", "NaN"],
    ["MAX_EVENT_BYTES", "10"],
    ["OUTBOX_EVENTS", "Infinity"],
  ])("%s=%s", (name, value) => {
    const problem = problemOf(() => readConfig([name], { [name]: value }));
    expect(problem).toContain(`${name} is not usable (it is "${value}")`);
    expect(problem).toMatch(/\.$/);
    expect(problem).not.toMatch(/\n| at /);
  });
});

test.each([
  [{ NODES: "0" }, 'NODES is not usable (it is "0"): must be a whole number from 1 to 64.'],
  [{ PORT: "99999" }, 'PORT is not usable (it is "99999"): must be a whole number from 0 to 65535.'],
  [{ MATCH_WIDEN_MS: "1.5" }, 'MATCH_WIDEN_MS is not usable (it is "1.5"): must be a whole number from 0 to 600000.'],
  [{ SEND_BUFFER_BYTES: "ten" }, 'SEND_BUFFER_BYTES is not usable (it is "ten"): must be a whole number from 65536.'],
  [
    { REDIS_URL: "nonsense" },
    "REDIS_URL is not usable: must look like redis://host:6379 or rediss://host:6379, with commas between several.",
  ],
])("what is wrong with %o is said once, with what may be there", (environment, sentence) => {
  expect(problemOf(() => readConfig(names, environment))).toBe(sentence);
});

test("all wrong values are named at once", () => {
  const problem = problemOf(() => readConfig(["PORT", "NODES", "APP_NAME"], { PORT: "x", NODES: "y" }));
  expect(problem).toMatch(/PORT is not usable .*NODES is not usable/s);
  expect(problem).not.toContain("APP_NAME");
});

describe("a secret", () => {
  const secrets = names.filter(isSecret);

  test("can stand in a file, which counts more than the variable; line ends don't count", async () => {
    const file = await secretFile("redis://:pass@host:1\n");
    expect(readConfig(["REDIS_URL"], { REDIS_URL: "redis://other", REDIS_URL_FILE: file })).toEqual({
      REDIS_URL: "redis://:pass@host:1",
    });
  });

  test("can't be read from a file that isn't there, and the file is named", () => {
    const problem = problemOf(() => readConfig(["REDIS_URL"], { REDIS_URL_FILE: "/nowhere/secret" }));
    expect(problem).toContain("REDIS_URL_FILE names a file that can't be read: /nowhere/secret.");
  });

  test("is never in a message, wherever it came from", async () => {
    const file = await secretFile("hunter2");
    expect(secrets).toContain("REDIS_URL");
    for (const environment of [{ REDIS_URL: "hunter2" }, { REDIS_URL_FILE: file }]) {
      const problem = problemOf(() => readConfig(["REDIS_URL"], environment));
      expect(problem).toContain("REDIS_URL is not usable");
      expect(problem).not.toContain("hunter2");
    }
  });

  test("is the only thing that can stand in a file", async () => {
    const file = await secretFile("4000");
    expect(readConfig(["PORT"], { PORT_FILE: file })).toEqual({ PORT: 3000 });
  });
});

test("every setting says what it means", () => {
  for (const name of names) expect(settings[name].meta()?.description, name).toMatch(/\S.*\./);
});
