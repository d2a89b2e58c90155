import { type KeyObject, sign } from "node:crypto";
import { type Claims, TokenIssuer } from "@switchyard/auth";
import type { ClientOptions, TestClient, TestCluster } from "@switchyard/testkit";

/** @param lifetime in seconds; below 0 for a token that has expired */
export function tokenFor(secret: string, claims: Omit<Claims, "exp">, lifetime = 3600): string {
  return new TokenIssuer(secret, lifetime).issue(claims);
}

/** How a stock client learns that it may not connect. */
export interface ConnectError {
  readonly message: string;
  readonly data?: unknown;
}

/** A client that shows a token, which can be changed, whenever it connects, and notes how it is refused. */
export interface Bearer {
  readonly client: TestClient;
  readonly errors: readonly ConnectError[];
  /** A function is asked for one in that moment. */
  token: unknown;
}

export function openBearer(
  cluster: TestCluster,
  to: number | { readonly url: string },
  token: unknown,
  { auth = {}, ...options }: ClientOptions = {},
): Bearer {
  const errors: ConnectError[] = [];
  const show = (give: (auth: object) => void) => {
    const { token } = bearer;
    give({ ...auth, token: typeof token === "function" ? token() : token });
  };
  const bearer: Bearer = { client: cluster.client(to, { ...options, auth: show }), errors, token };
  bearer.client.socket.on("connect_error", (error: Error & { data?: unknown }) => {
    errors.push({ message: error.message, data: error.data });
  });
  return bearer;
}

/** A token of another issuer: RS256, signed with the key "key" (JWS, RFC 7515). */
export function signedBy(key: KeyObject, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "RS256", kid: "key" })}.${part({ exp: Math.floor(Date.now() / 1000) + 60, ...claims })}`;
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}
