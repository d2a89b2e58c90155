import type { TestCluster } from "@switchyard/testkit";

export const PASSWORD = "correct horse";
export const ADMIN_TOKEN = "for-operators";
export const OBSERVER_TOKEN = "for-observers";
export const newName = (): string => `Ann_${crypto.randomUUID().slice(0, 8)}`;

/** All that there may be in an answer. */
export interface Answer {
  readonly token: string;
  readonly username: string;
  readonly device: string;
  readonly code: string;
  readonly error: string;
  readonly id: string;
  readonly created: string;
  readonly messages: readonly { readonly text: string }[];
  readonly sessions: readonly unknown[];
  readonly accounts: readonly { readonly username: string }[];
  readonly entries: readonly Readonly<Record<string, unknown>>[];
}

export interface Asked {
  readonly token?: string;
  readonly body?: object;
  readonly node?: number;
  readonly by?: string;
}

/** Sends a request to `/api/…`. */
export async function ask(cluster: TestCluster, method: string, path: string, asked: Asked = {}) {
  const { token, body, node = 0, by } = asked;
  const headers: Record<string, string> = {};
  if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
  if (by !== undefined) headers["x-operator"] = by;
  if (body !== undefined) headers["content-type"] = "application/json";
  const sent = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  const response = await fetch(`${cluster.node(node).url}/api/${path}`, sent);
  const text = await response.text();
  return { status: response.status, text, body: (text === "" ? {} : JSON.parse(text)) as Answer };
}

/** Registers an account. */
export async function registered(cluster: TestCluster, username = newName()): Promise<Answer> {
  const { status, text, body } = await ask(cluster, "POST", "auth/register", {
    body: { username, password: PASSWORD, device: "" },
  });
  if (status !== 201) throw new Error(`not registered: ${text}`);
  return body;
}
