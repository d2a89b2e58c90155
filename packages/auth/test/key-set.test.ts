import { createHmac, generateKeyPairSync, type JsonWebKey, type KeyObject } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import jwt from "jsonwebtoken";
import { expect, onTestFinished, test } from "vitest";
import { keySet, TokenVerifier } from "../src/index.ts";

interface SigningKey {
  readonly id: string;
  readonly algorithm: "RS256" | "ES256";
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const newKey = (id: string, algorithm: SigningKey["algorithm"]): SigningKey => {
  const pair =
    algorithm === "RS256"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { id, algorithm, ...pair };
};
const published = ({ id, algorithm, publicKey }: SigningKey) => ({
  ...publicKey.export({ format: "jwk" }),
  kid: id,
  alg: algorithm,
  use: "sig",
});
const sign = (sub: string, { id, algorithm, privateKey }: SigningKey, claims: object = {}) =>
  jwt.sign({ sub, ...claims }, privateKey, { algorithm, keyid: id });

/** An issuer whose keys can be changed, and which counts how often it is asked. */
async function startIssuer(keys: JsonWebKey[]) {
  const issuer = { url: "", keys, status: 200, asked: 0 };
  const server = createServer((_request, response) => {
    issuer.asked += 1;
    response.writeHead(issuer.status, { "content-type": "application/json" });
    response.end(JSON.stringify({ keys: issuer.keys }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  issuer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  return issuer;
}

test("what any of the issuer's keys signed is believed, and it is asked once for all of them", async () => {
  const [first, second] = [newKey("a", "RS256"), newKey("b", "ES256")];
  const issuer = await startIssuer([published(first), published(second)]);
  const verifier = new TokenVerifier(keySet(issuer.url));
  for (const user of ["ann", "bob", "cem"]) {
    for (const key of [first, second]) expect(await verifier.verify(sign(user, key))).toMatchObject({ sub: user });
  }
  expect(issuer.asked).toBe(1);
});

test("a new key is believed at once, and one that was never published is not", async () => {
  const [first, second, strange] = [newKey("a", "RS256"), newKey("b", "RS256"), newKey("c", "RS256")];
  const issuer = await startIssuer([published(first)]);
  const clock = { ms: 0 };
  const verifier = new TokenVerifier(keySet(issuer.url, () => clock.ms));
  await verifier.verify(sign("ann", first));
  issuer.keys = [published(second)];
  expect(await verifier.verify(sign("ann", second))).toMatchObject({ sub: "ann" });
  await expect(verifier.verify(sign("ann", { ...strange, id: "b" }))).rejects.toMatchObject({ code: "unauthorized" });
  clock.ms += 30_000;
  await expect(verifier.verify(sign("ann", strange))).rejects.toMatchObject({ code: "unauthorized" });
  await expect(verifier.verify(sign("ann", first))).rejects.toMatchObject({ name: "KeysUnavailableError" });
});

test("a token without a key id is checked with the only key there is, and with none of several", async () => {
  const [first, second] = [newKey("a", "ES256"), newKey("b", "ES256")];
  const issuer = await startIssuer([published(first)]);
  const token = jwt.sign({ sub: "ann" }, first.privateKey, { algorithm: "ES256" });
  expect(await new TokenVerifier(keySet(issuer.url)).verify(token)).toMatchObject({ sub: "ann" });
  issuer.keys = [published(first), published(second)];
  const verifier = new TokenVerifier(keySet(issuer.url));
  await expect(verifier.verify(token)).rejects.toMatchObject({ code: "unauthorized" });
});

test("an expired token is said to be so", async () => {
  const key = newKey("a", "ES256");
  const issuer = await startIssuer([published(key)]);
  const token = sign("ann", key, { exp: Math.floor(Date.now() / 1000) - 1 });
  await expect(new TokenVerifier(keySet(issuer.url)).verify(token)).rejects.toMatchObject({ code: "token_expired" });
});

test("HMAC and unsigned tokens are refused without asking the issuer, and a published secret is no key", async () => {
  const key = newKey("a", "RS256");
  const secret = Buffer.from("a secret that should not be here");
  const shared = { kty: "oct", k: secret.toString("base64url"), kid: "s", alg: "HS256", use: "sig" };
  const issuer = await startIssuer([shared, published(key)]);
  const verifier = new TokenVerifier(keySet(issuer.url));
  const pem = key.publicKey.export({ type: "spki", format: "pem" }) as string;
  const head = (fields: object) => Buffer.from(JSON.stringify(fields)).toString("base64url");
  const text = `${head({ alg: "HS256", kid: "a" })}.${head({ sub: "ann" })}`;
  for (const token of [
    jwt.sign({ sub: "ann" }, secret, { keyid: "s" }),
    `${text}.${createHmac("sha256", pem).update(text).digest("base64url")}`,
    `${head({ alg: "none", kid: "a" })}.${head({ sub: "ann" })}.`,
  ]) {
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: "unauthorized" });
  }
  expect(issuer.asked).toBe(0);
  await expect(verifier.verify(sign("ann", { ...key, id: "s" }))).rejects.toMatchObject({ code: "unauthorized" });
});

test("while the issuer can't be asked a token is neither believed nor called bad, and known keys go on", async () => {
  const [first, second] = [newKey("a", "RS256"), newKey("b", "RS256")];
  const issuer = await startIssuer([published(first)]);
  const clock = { ms: 0 };
  const verifier = new TokenVerifier(keySet(issuer.url, () => clock.ms));
  issuer.status = 500;
  await expect(verifier.verify(sign("ann", first))).rejects.toMatchObject({ name: "KeysUnavailableError" });
  issuer.status = 200;
  clock.ms += 1000;
  expect(await verifier.verify(sign("ann", first))).toMatchObject({ sub: "ann" });
  issuer.status = 500;
  for (const later of [0, 10 * 60_000, 59 * 60_000]) {
    clock.ms += later;
    expect(await verifier.verify(sign("ann", first))).toMatchObject({ sub: "ann" });
    await expect(verifier.verify(sign("ann", second))).rejects.toMatchObject({ name: "KeysUnavailableError" });
  }
  clock.ms += 60_000;
  await expect(verifier.verify(sign("ann", first))).rejects.toMatchObject({ name: "KeysUnavailableError" });
});

test("a withdrawn key is believed for ten minutes at most", async () => {
  const [first, second] = [newKey("a", "ES256"), newKey("b", "ES256")];
  const issuer = await startIssuer([published(first), published(second)]);
  const clock = { ms: 0 };
  const verifier = new TokenVerifier(keySet(issuer.url, () => clock.ms));
  await verifier.verify(sign("ann", first));
  issuer.keys = [published(second)];
  clock.ms += 10 * 60_000;
  await expect(verifier.verify(sign("ann", first))).rejects.toMatchObject({ code: "unauthorized" });
  expect(await verifier.verify(sign("ann", second))).toMatchObject({ sub: "ann" });
});

/** A token that nobody signed: it costs an attacker nothing. */
const unsigned = (id: string) => {
  const head = (fields: object) => Buffer.from(JSON.stringify(fields)).toString("base64url");
  return `${head({ alg: "RS256", kid: id })}.${head({ sub: "ann" })}.AAAA`;
};

test("unsigned tokens with invented key ids cost one request in 30 s, and take no known key away", async () => {
  const keys = Array.from({ length: 20 }, (_, i) => newKey(`key-${i}`, "ES256"));
  const issuer = await startIssuer(keys.map(published));
  const clock = { ms: 0 };
  const verifier = new TokenVerifier(keySet(issuer.url, () => clock.ms));
  const isEachBelieved = () => Promise.all(keys.map(async (key) => verifier.verify(sign("ann", key))));
  await isEachBelieved();
  for (const round of [1, 2, 3]) {
    for (let i = 0; i < 35; i += 1) {
      await expect(verifier.verify(unsigned(`invented-${round}-${i}`))).rejects.toThrow();
    }
    expect(issuer.asked).toBe(1 + round);
    await isEachBelieved();
    expect(issuer.asked).toBe(1 + round);
    clock.ms += 30_000;
  }
});

test("invented key ids do not keep an old set from being renewed, nor a new key out for more than 30 s", async () => {
  const [first, second] = [newKey("a", "ES256"), newKey("b", "ES256")];
  const issuer = await startIssuer([published(first)]);
  const clock = { ms: 0 };
  const verifier = new TokenVerifier(keySet(issuer.url, () => clock.ms));
  await verifier.verify(sign("ann", first));
  await expect(verifier.verify(unsigned("invented"))).rejects.toMatchObject({ code: "unauthorized" });
  issuer.keys = [published(first), published(second)];
  // its client comes again, since nothing says that the token is bad
  await expect(verifier.verify(sign("ann", second))).rejects.toMatchObject({ name: "KeysUnavailableError" });
  clock.ms += 30_000;
  expect(await verifier.verify(sign("ann", second))).toMatchObject({ sub: "ann" });
  clock.ms += 10 * 60_000 - 1;
  await expect(verifier.verify(unsigned("invented-too"))).rejects.toMatchObject({ code: "unauthorized" });
  issuer.keys = [published(second)];
  clock.ms += 10 * 60_000;
  await expect(verifier.verify(sign("ann", first))).rejects.toMatchObject({ code: "unauthorized" });
  expect(await verifier.verify(sign("ann", second))).toMatchObject({ sub: "ann" });
});

test("a key id that the issuer has just said to be missing is refused without asking again", async () => {
  const [first, old] = [newKey("a", "ES256"), newKey("old", "ES256")];
  const issuer = await startIssuer([published(first)]);
  const verifier = new TokenVerifier(keySet(issuer.url));
  await verifier.verify(sign("ann", first));
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => verifier.verify(sign("ann", old))));
  for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: "unauthorized" } });
  expect(issuer.asked).toBe(2);
});
