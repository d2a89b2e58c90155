import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { provideSecrets, type SecretPlaces } from "../src/provide.ts";

const GOOD = "gS7dk2Lq9Vx0PbN4mRt6YwZc1HfJ8uEaOiXs3Dv5";
const THIRD = "mK4pR8sW2xA6dG0jL3nQ7tV1yB5eH9kM4pS8uX2z";
const OTHER = "Qw8eRt2yUi4oPa6sDf1gHj3kLz5xCv7bNm9QwErT";

let directory: string;
let places: SecretPlaces;
const inDirectory = (name: string) => join(directory, name);
const read = (name: string) => readFileSync(inDirectory(name), "utf8");

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-secrets-"));
  places = { directory, turnConfig: inDirectory("turnserver.conf"), turnTemplate: inDirectory("template.conf") };
  writeFileSync(places.turnTemplate, "use-auth-secret\n\n");
});
afterEach(() => rmSync(directory, { recursive: true }));

test("without any it makes some, says so, and keeps them", () => {
  expect(provideSecrets(places, {})[0]).toMatch(/^JWT_SECRET was not given, so a random one was made/);
  const made = read("jwt_secret");
  expect(made.length).toBeGreaterThanOrEqual(64);
  expect(provideSecrets(places, {})[0]).toBe("JWT_SECRET is the one made at an earlier start.");
  expect(read("jwt_secret")).toBe(made);
  expect(statSync(inDirectory("jwt_secret")).mode & 0o777).toBe(0o400);
});

test("one that is given, in the environment or in a file, takes the place of one that was made", () => {
  provideSecrets(places, {});
  expect(provideSecrets(places, { JWT_SECRET: GOOD })[0]).toBe("JWT_SECRET is the one that was given.");
  expect(read("jwt_secret")).toBe(GOOD);
  writeFileSync(inDirectory("given"), `${OTHER}\n`);
  provideSecrets(places, { JWT_SECRET_FILE: inDirectory("given") });
  expect(read("jwt_secret")).toBe(OTHER);
});

test("nothing that it says holds a secret", () => {
  const said = provideSecrets(places, { JWT_SECRET: GOOD, TURN_SECRET: OTHER, TURN_URLS: "turn:turn.example:3478" });
  expect(said.join()).not.toContain(GOOD);
  expect(said.join()).not.toContain(OTHER);
});

describe("while a secret is changed", () => {
  const turn = { TURN_URLS: "turn:turn.example:3478" };

  test("the nodes are given what is accepted besides, one a line, and nothing once it is taken out", () => {
    const said = provideSecrets(places, { JWT_SECRET: GOOD, JWT_SECRETS_ACCEPTED: ` ${OTHER}\n${THIRD}\n` });
    expect(read("jwt_secrets_accepted")).toBe(`${OTHER}\n${THIRD}`);
    expect(said).toContain("JWT_SECRETS_ACCEPTED: 2 more accepted, until they are taken out of it.");
    expect(said.join()).not.toMatch(new RegExp(`${OTHER}|${THIRD}`));
    provideSecrets(places, { JWT_SECRET: GOOD });
    expect(read("jwt_secrets_accepted")).toBe("");
    expect(statSync(inDirectory("jwt_secrets_accepted")).mode & 0o777).toBe(0o400);
  });

  test("coturn accepts several, the nodes sign with one", () => {
    provideSecrets(places, { ...turn, TURN_SECRET: GOOD, TURN_SECRETS_ACCEPTED: OTHER });
    expect(read("turn_secret")).toBe(GOOD);
    expect(read("turnserver.conf")).toBe(`use-auth-secret\nstatic-auth-secret=${GOOD}\nstatic-auth-secret=${OTHER}\n`);
  });

  test("who forgets the former one is told what that means, and who doesn't is not", () => {
    provideSecrets(places, { JWT_SECRET: GOOD });
    expect(provideSecrets(places, { JWT_SECRET: OTHER, JWT_SECRETS_ACCEPTED: GOOD }).join()).not.toContain("worthless");
    expect(provideSecrets(places, { JWT_SECRET: OTHER }).join()).not.toContain("worthless");
    expect(provideSecrets(places, { JWT_SECRET: THIRD })[1]).toMatch(/JWT_SECRETS_ACCEPTED does not have: .*worthless/);
  });
});

describe("a secret that is no good", () => {
  test.for([
    ["too short", { JWT_SECRET: "short" }, /^JWT_SECRET is not usable \(it is shorter than 32 characters\)/],
    [
      "from an example",
      { JWT_SECRET: "change-me-to-something-really-long-please" },
      /^JWT_SECRET is not usable .* example/,
    ],
    ["accepted", { JWT_SECRETS_ACCEPTED: `${GOOD}\nshort` }, /^A secret of JWT_SECRETS_ACCEPTED is not usable/],
    ["for TURN", { TURN_SECRET: "a".repeat(40) }, /^TURN_SECRET is not usable/],
  ] as const)("%s: it is refused with a sentence, and nothing is written", ([, environment, sentence]) => {
    expect(() => provideSecrets(places, environment)).toThrow(sentence);
    expect(() => read("jwt_secret")).toThrow("ENOENT");
  });

  test("a file that is empty, or is not there", () => {
    writeFileSync(inDirectory("empty"), "\n");
    expect(() => provideSecrets(places, { JWT_SECRET_FILE: inDirectory("empty") })).toThrow(
      "JWT_SECRET is missing: the file that JWT_SECRET_FILE names is empty.",
    );
    expect(() => provideSecrets(places, { JWT_SECRET_FILE: inDirectory("nowhere") })).toThrow("can't be read");
  });
});

describe("TURN", () => {
  test("coturn and the nodes get the same secret", () => {
    provideSecrets(places, { TURN_SECRET: GOOD, TURN_URLS: "turn:turn.example:3478" });
    expect(read("turn_secret")).toBe(GOOD);
    expect(read("turnserver.conf")).toBe(`use-auth-secret\nstatic-auth-secret=${GOOD}\n`);
  });

  test("nodes get none where no server is named: half a setting would stop them", () => {
    expect(provideSecrets(places, {})).toContain("TURN_URLS is not set: clients receive no TURN server.");
    expect(read("turn_secret")).toBe("");
    expect(read("turnserver.conf")).toMatch(/static-auth-secret=\S{64}\n$/);
  });
});
