import { randomUUID } from "node:crypto";
import type { Acknowledgement, ClientOptions, TestClient, TestCluster } from "@switchyard/testkit";

/** The id of a match that nobody else is in. */
export const newMatch = (): string => `match-${randomUUID()}`;

export const register = (client: TestClient, matchId: string, userId: string = client.user): Promise<Acknowledgement> =>
  client.request("register", { userId, matchId });

/** Two in one match, on two nodes, who have heard of each other. */
export async function pairIn(cluster: TestCluster, options: ClientOptions, matchId = newMatch()) {
  const [ann, bob] = await Promise.all([cluster.connect(0, options), cluster.connect(1, options)]);
  for (const client of [ann, bob]) {
    const answer = await register(client, matchId);
    if (!answer.ok) throw new Error(`could not register: ${JSON.stringify(answer)}`);
    await client.receive("joined");
  }
  await ann.receive("user-joined");
  return { ann, bob, matchId };
}
