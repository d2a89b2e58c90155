import type { TestCluster } from "@switchyard/testkit";

export const ADMIN_TOKEN = "the operators' token of these tests".replaceAll(" ", "-");

interface Banned {
  readonly id: string;
}

/** Asks a node's `/api/admin`, as the operators do. */
async function ask<Answer>(cluster: TestCluster, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${cluster.node(0).url}/api/admin/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${ADMIN_TOKEN}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** Bans somebody by the first node, whichever node that one is connected to. */
export function ban(cluster: TestCluster, kind: string, whom: string, more: object = {}): Promise<Banned> {
  return ask<Banned>(cluster, "POST", "bans", { kind, whom, reason: "Spam", ...more });
}

export async function liftBans(cluster: TestCluster): Promise<void> {
  const { bans } = await ask<{ bans: readonly Banned[] }>(cluster, "GET", "bans");
  for (const { id } of bans) await ask(cluster, "DELETE", `bans/${id}`);
}
