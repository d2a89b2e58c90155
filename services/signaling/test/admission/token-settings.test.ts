import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sharedSecret, TokenVerifier } from "@switchyard/auth";
import { type Service, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readSignalingConfig } from "../../src/config.ts";
import { patient } from "../patient.ts";
import { openBearer, signedBy } from "./tokens.ts";

type Settings = Readonly<Record<string, string>>;

const strong = "kJ8fQ2mX7pL0vN4sT9wB3yR6uE1aZ5cD";
const production = { NODE_ENV: "production" };

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0, matchmakers: 0, environment: patient });
  return cluster.stop;
});
const start = (environment: Settings) => cluster.start("signaling", environment);

/** The sentence with which a node does not start. */
function refusalOf(environment: Settings): string {
  try {
    readSignalingConfig(environment);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it would start");
}
const register = (url: string) =>
  fetch(`${url}/api/auth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: crypto.randomUUID().slice(0, 30), password: "correct horse" }),
  });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = (key: typeof rsa.publicKey) => key.export({ type: "spki", format: "pem" }) as string;

describe("in production", () => {
  test.each<[string, Settings, RegExp]>([
    ["no secret", {}, /^JWT_SECRET is missing: .*32 random characters.*\.$/],
    ["a short one", { JWT_SECRET: "hunter2" }, /^JWT_SECRET is not usable \(it is shorter than 32 characters\): .*\.$/],
    [
      "one of an example",
      { JWT_SECRET: `change-me-${strong}` },
      /^JWT_SECRET is not usable \(it is one from an example\): .*\.$/,
    ],
    ["one that is no secret", { JWT_SECRET: "hunter2".repeat(8) }, /^JWT_SECRET is not usable \(it is made of too few/],
    [
      "a short one that is accepted beside a good one",
      { JWT_SECRET: strong, JWT_SECRETS_ACCEPTED: `${strong}x\nhunter2` },
      /^A secret of JWT_SECRETS_ACCEPTED is not usable \(it is shorter than 32 characters\)\.$/,
    ],
  ])("%s stops the start with one sentence, which does not say it", (_, environment, sentence) => {
    const sent = refusalOf({ ...production, ...environment });
    expect(sent).toMatch(sentence);
    expect(sent).not.toMatch(/hunter2|\n/);
  });

  test("a strong one will do, also from a file", async () => {
    const directory = await mkdtemp(join(tmpdir(), "switchyard-jwt-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    await writeFile(join(directory, "secret"), `${strong}\n`);
    const { url } = await start({ ...production, JWT_SECRET_FILE: join(directory, "secret") });
    const { token } = (await (await register(url)).json()) as { token: string };
    await new TokenVerifier(sharedSecret(strong)).verify(token);
  });
});

test.each<[Settings, RegExp]>([
  [{ JWT_EXPIRES_IN: "120" }, /^JWT_EXPIRES_IN is not usable \(it is "120"\): must be a whole number and a unit/],
  [{ TOKEN_MODE: "maybe" }, /^TOKEN_MODE is not usable/],
  [{ JWKS_URL: "file:///keys" }, /^JWKS_URL is not usable/],
  [{ JWT_PUBLIC_KEY: "x", JWKS_URL: "http://127.0.0.1/" }, /^Set JWT_PUBLIC_KEY or JWKS_URL, not both\.$/],
  [{ JWT_PUBLIC_KEY: "x" }, /^JWT_PUBLIC_KEY is not usable: it is no public key in PEM form\.$/],
])("%j stops the start with a sentence", (environment, sentence) => {
  expect(refusalOf(environment)).toMatch(sentence);
});

test("outside production the nodes of a cluster agree on a secret, across restarts, and say so", async () => {
  const required = { TOKEN_MODE: "required" };
  const [one, other] = await Promise.all([start(required), start(required)]);
  const { token } = (await (await register(one.url)).json()) as { token: string };
  const kept = await cluster.store.secrets.agreed("jwt");
  await new TokenVerifier(sharedSecret(kept)).verify(token);
  const later = await start(required);
  for (const node of [other, later]) {
    const bearer = openBearer(cluster, node, token, { namespace: "/random" });
    const [refusal] = await until("a refusal", () => bearer.errors.length > 0 && bearer.errors);
    expect(refusal).toMatchObject({ data: { code: "unauthorized" } }); // it is for `chat`
  }
  const lines = one.logs();
  expect(lines.map(({ msg }) => msg)).toContainEqual(expect.stringMatching(/^JWT_SECRET is not set/));
  expect(JSON.stringify(lines)).not.toContain(kept);
});

describe("where somebody else issues the tokens", () => {
  async function check(node: Service): Promise<void> {
    const good = signedBy(rsa.privateKey, { sub: "ann" });
    const { client } = openBearer(cluster, node, good);
    await client.connected();
    expect(await client.request("join", { userId: "ann", type: "chat" })).toMatchObject({ ok: true });
    const other = signedBy(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey, { sub: "ann" });
    const bearer = openBearer(cluster, node, other);
    expect(await until("a refusal", () => bearer.errors[0])).toMatchObject({ data: { code: "unauthorized" } });
    const response = await register(node.url);
    expect([response.status, await response.json()]).toEqual([
      404,
      { error: "No accounts are kept here: somebody else issues the tokens.", code: "not_found" },
    ]);
  }

  test("its public key is enough, also in production", async () => {
    const environment = { ...production, TOKEN_MODE: "required", JWT_PUBLIC_KEY: pem(rsa.publicKey) };
    await check(await start(environment));
  });

  test("its key set is enough; while it can't be had, clients come again by themselves", async () => {
    let isAway = true;
    const issuer = createServer((_request, response) => {
      if (isAway) return void response.writeHead(500).end();
      response.end(JSON.stringify({ keys: [{ ...rsa.publicKey.export({ format: "jwk" }), kid: "key", use: "sig" }] }));
    });
    await new Promise<void>((done) => issuer.listen(0, "127.0.0.1", done));
    onTestFinished(() => {
      issuer.closeAllConnections();
      issuer.close();
    });
    const JWKS_URL = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/`;
    const node = await start({ TOKEN_MODE: "required", JWKS_URL });
    const early = openBearer(cluster, node, signedBy(rsa.privateKey, { sub: "bob" }));
    const closed: string[] = [];
    early.client.socket.io.on("close", (reason) => void closed.push(reason));
    await until("its transport to be closed", () => closed.length > 0);
    expect(early.errors).toEqual([]);
    isAway = false;
    await early.client.connected();
    await check(node);
  });
});
