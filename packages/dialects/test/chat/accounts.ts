import { createHmac, randomUUID } from "node:crypto";
import {
  type Acknowledgement,
  type ClientOptions,
  type ReceivedEvent,
  type TestClient,
  type TestCluster,
  until,
} from "@switchyard/testkit";

/** What the nodes of a test sign tokens with. */
export const JWT_SECRET = "a secret that these tests alone know";

/**
 * A token as whoever knows the secret can make it: HS256 (JWT, RFC 7519).
 * @param lifetime in seconds; below 0 for a token that has expired
 */
export function tokenFor(claims: { sub: string; dialect?: string }, lifetime = 600, secret = JWT_SECRET): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + lifetime;
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part({ ...claims, exp })}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

/** Registers an account at a node; returns the token that it is given. */
export async function registered(cluster: TestCluster, username: string): Promise<string> {
  const ask = (path: string) =>
    fetch(`${cluster.node(0).url}/api/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username, password: "correct horse" }),
    });
  let response = await ask("register");
  if (response.status === 409) response = await ask("login"); // on a deployment another file's tests may have registered it
  const { token } = (await response.json()) as { token: string };
  return token;
}

export const newName = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

/** A message as clients are told of it. */
export interface Message {
  readonly id: string;
  readonly username: string;
  readonly text: string;
  readonly timestamp: string;
}

/** A connection of a user, and the history that it was given. */
export interface Chatter {
  readonly client: TestClient;
  readonly name: string;
  readonly history: readonly Message[];
}

export async function enterChatroom(
  cluster: TestCluster,
  node: number | { readonly url: string },
  options: ClientOptions,
  name: string = newName("user"),
): Promise<Chatter> {
  const client = await cluster.connect(node, { ...options, auth: { token: tokenFor({ sub: name }) } });
  return { client, name, history: await client.receive<Message[]>("message_history") };
}

export const sendMessage = ({ client }: Chatter, text: string): Promise<Acknowledgement> =>
  client.request("send_message", { text });

/** The next `connect_error` of a client that may not connect. */
export const refused = (socket: TestClient["socket"]): Promise<Error & { readonly data?: unknown }> =>
  new Promise((done) => socket.once("connect_error", done));

/** All messages that it was told one by one, in order. */
export function messagesOf({ client }: Chatter): Message[] {
  return client.received.flatMap(({ name, args }: ReceivedEvent) =>
    name === "new_message" ? [args[0] as Message] : [],
  );
}

/** Waits until those are the names that a user was told last, in any order. */
export const toldNames = ({ client }: Chatter, ...names: readonly string[]): Promise<unknown> =>
  until(`${names.join(", ")} to be told`, () => {
    const last = client.names.at(-1)?.names ?? [];
    return JSON.stringify(last.toSorted()) === JSON.stringify(names.toSorted());
  });
