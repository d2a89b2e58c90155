import { until } from "../until.ts";
import type { Acknowledgement, TestClient } from "./test-client.ts";

/**
 * Sends an event with a callback, and again for as long as the answer is that it can be tried again: so answers a node whose lease ran out
 * because the machine stood still.
 */
export async function insist(client: TestClient, event: string, ...args: unknown[]): Promise<Acknowledgement> {
  return until(`"${event}" to be answered`, async () => {
    const answer = await client.request(event, ...args);
    return (answer.ok || !answer.error?.retryable) && answer;
  });
}

/** Lets two clients of the dialect `random` be paired with each other, the first of whom waits. Resolves to the room's id. */
export async function pairClients(
  one: TestClient,
  two: TestClient,
  content: Record<string, unknown> = {},
): Promise<string> {
  for (const client of [one, two]) {
    const answer = await insist(client, "join", { userId: client.user, type: "chat", ...content });
    if (!answer.ok) throw new Error(`could not join: ${JSON.stringify(answer)}`);
    if (client === one) await client.receive("waiting_for_partner");
  }
  const [found, foundToo] = await Promise.all([one.receive("partner_found"), two.receive("partner_found")]);
  if (found["roomId"] !== foundToo["roomId"] || found["partnerId"] !== two.user) {
    throw new Error("they did not meet each other");
  }
  return String(found["roomId"]);
}
