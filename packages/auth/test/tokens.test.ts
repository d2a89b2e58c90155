import { createHmac, generateKeyPairSync } from "node:crypto";
import jwt from "jsonwebtoken";
import { describe, expect, test } from "vitest";
import { publicKey, sharedSecret, TokenIssuer, TokenVerifier, UnusableKeyError } from "../src/index.ts";

const secret = "0123456789abcdefghijklmnopqrstuv";
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const spki = (key: typeof rsa.publicKey) => key.export({ type: "spki", format: "pem" }) as string;
const unauthorized = { name: "TokenError", code: "unauthorized" };
const nowSeconds = Math.floor(Date.now() / 1000);

/** A token made by hand, as no library would. */
function handmade(header: object, payload: object, sign: (text: string) => string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${sign(text)}`;
}
const hmac = (key: string) => (text: string) => createHmac("sha256", key).update(text).digest("base64url");

describe("with a shared secret", () => {
  const verifier = new TokenVerifier(sharedSecret(secret));
  const ann = { sub: "ann", username: "Ann", dialect: "match", room: "m1" };

  test("an issued token says who, what and until when", async () => {
    const token = new TokenIssuer(secret, 3600).issue({ ...ann, cohort: "16-17" });
    const claims = await verifier.verify(token);
    expect(claims).toEqual({ ...ann, cohort: "16-17", exp: expect.any(Number) });
    expect((claims.exp ?? 0) - nowSeconds).toBeGreaterThanOrEqual(3600);
    expect((claims.exp ?? 0) - nowSeconds).toBeLessThan(3660);
  });

  test("claims of others are ignored, and a token may have no end", async () => {
    const token = jwt.sign({ sub: "ann", role: "admin" }, secret, { noTimestamp: true });
    expect(await verifier.verify(token)).toEqual({ sub: "ann" });
  });

  test("an expired token is told apart from a forged one, also when the forged one has expired", async () => {
    const expired = { sub: "ann", exp: nowSeconds - 1 };
    await expect(verifier.verify(jwt.sign(expired, secret))).rejects.toMatchObject({ code: "token_expired" });
    await expect(verifier.verify(jwt.sign(expired, `${secret}x`))).rejects.toMatchObject(unauthorized);
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["an object", { toString: () => "x" }],
    ["an empty text", ""],
    ["some text", "let me in"],
    ["dots", ".."],
    ["a header that is no object", `${Buffer.from('"HS256"').toString("base64url")}.e30.x`],
    ["too long a text", `a.${"b".repeat(9000)}.c`],
    ["another secret", jwt.sign({ sub: "ann" }, "another secret, as long as the first")],
    ["another HMAC", jwt.sign({ sub: "ann" }, secret, { algorithm: "HS512" })],
    ["no signature", jwt.sign({ sub: "ann" }, "", { algorithm: "none" })],
    ["no signature, in other letters", handmade({ alg: "nOnE" }, { sub: "ann" }, () => "")],
    ["no signature, as HS256", handmade({ alg: "HS256" }, { sub: "ann" }, () => "")],
    ["an asymmetric algorithm", jwt.sign({ sub: "ann" }, rsa.privateKey, { algorithm: "RS256" })],
    ["a key id that is no text", handmade({ alg: "HS256", kid: {} }, { sub: "ann" }, hmac(secret))],
    ["a time that has not come", jwt.sign({ sub: "ann", nbf: nowSeconds + 3600 }, secret)],
    ["an end that is no time", handmade({ alg: "HS256" }, { sub: "ann", exp: "never" }, hmac(secret))],
    ["nobody", jwt.sign({ username: "ann" }, secret)],
    ["an empty name", jwt.sign({ sub: "" }, secret)],
    ["a subject that is no text", handmade({ alg: "HS256" }, { sub: 7 }, hmac(secret))],
    ["a dialect that is no text", jwt.sign({ sub: "ann", dialect: 5 }, secret)],
    ["a room that is no text", jwt.sign({ sub: "ann", room: 5 }, secret)],
    ["a payload that is no object", jwt.sign("ann", secret)],
  ])("%s is refused", async (_, token) => {
    await expect(verifier.verify(token)).rejects.toMatchObject(unauthorized);
  });

  test("a changed payload is refused", async () => {
    const [header, , signature] = new TokenIssuer(secret, 60).issue({ sub: "ann" }).split(".");
    const forged = Buffer.from(JSON.stringify({ sub: "bob" })).toString("base64url");
    await expect(verifier.verify(`${header}.${forged}.${signature}`)).rejects.toMatchObject(unauthorized);
  });
});

describe("while the secret is changed", () => {
  const [old, next] = ["the secret until now, long enough", "the secret from now on, long enough"];
  const claims = { sub: "ann" };
  const expired = { sub: "ann", exp: nowSeconds - 1 };

  test("tokens of all accepted secrets are believed, and of no other", async () => {
    const verifier = new TokenVerifier(sharedSecret(next, old, secret));
    for (const good of [next, old, secret]) {
      expect(await verifier.verify(jwt.sign(claims, good))).toMatchObject({ sub: "ann" });
      await expect(verifier.verify(jwt.sign(expired, good))).rejects.toMatchObject({ code: "token_expired" });
    }
    for (const bad of [`${old}x`, `${next}\n${old}`, ""]) {
      const sign = hmac(bad);
      for (const payload of [claims, expired]) {
        await expect(verifier.verify(handmade({ alg: "HS256" }, payload, sign))).rejects.toMatchObject(unauthorized);
      }
    }
  });

  test("a secret that is not listed any more proves nothing", async () => {
    const token = jwt.sign(claims, old);
    expect(await new TokenVerifier(sharedSecret(next, old)).verify(token)).toMatchObject({ sub: "ann" });
    await expect(new TokenVerifier(sharedSecret(next)).verify(token)).rejects.toMatchObject(unauthorized);
  });

  test("what is wrong with a token of the old secret is still seen", async () => {
    const verifier = new TokenVerifier(sharedSecret(next, old));
    for (const payload of [{ username: "ann" }, { sub: "ann", nbf: nowSeconds + 3600 }, { sub: "" }]) {
      await expect(verifier.verify(jwt.sign(payload, old))).rejects.toMatchObject(unauthorized);
    }
  });
});

describe.each([
  { name: "an RSA key", pair: rsa, algorithm: "RS256" as const },
  { name: "a key on P-256", pair: ec, algorithm: "ES256" as const },
])("with $name", ({ pair, algorithm }) => {
  const pem = spki(pair.publicKey);
  const verifier = new TokenVerifier(publicKey(pem));

  test("what the issuer signed is believed, also where the key's line ends are written as \\n", async () => {
    const token = jwt.sign({ sub: "ann" }, pair.privateKey, { algorithm, expiresIn: 60 });
    expect(await verifier.verify(token)).toMatchObject({ sub: "ann" });
    const inOneLine = new TokenVerifier(publicKey(pem.trim().replaceAll("\n", "\\n")));
    expect(await inOneLine.verify(token)).toMatchObject({ sub: "ann" });
  });

  test("the public key is no secret to sign with", async () => {
    for (const key of [pem, pem.trim(), pem.replaceAll("\n", "")]) {
      const token = handmade({ alg: "HS256", typ: "JWT" }, { sub: "ann" }, hmac(key));
      await expect(verifier.verify(token)).rejects.toMatchObject(unauthorized);
    }
  });

  test("another key of the kind, and no signature, are refused", async () => {
    const other =
      algorithm === "RS256"
        ? generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey
        : generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    await expect(verifier.verify(jwt.sign({ sub: "ann" }, other, { algorithm }))).rejects.toMatchObject(unauthorized);
    const unsigned = handmade({ alg: "none" }, { sub: "ann" }, () => "");
    await expect(verifier.verify(unsigned)).rejects.toMatchObject(unauthorized);
  });

  test("an expired token is said to be so", async () => {
    const token = jwt.sign({ sub: "ann", exp: nowSeconds - 1 }, pair.privateKey, { algorithm });
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: "token_expired" });
  });
});

test.each<[string, string]>([
  ["no key", "hello"],
  ["a private key", rsa.privateKey.export({ type: "pkcs8", format: "pem" }) as string],
  ["a short RSA key", spki(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey)],
  ["another curve", spki(generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey)],
  ["another kind of key", spki(generateKeyPairSync("ed25519").publicKey)],
])("%s can't be a public key to check with", (_, pem) => {
  expect(() => publicKey(pem)).toThrow(UnusableKeyError);
});
