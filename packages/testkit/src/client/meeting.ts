import type { TestClient } from "./test-client.ts";

/** Lets two clients of the dialect `random` wait, and be paired, with each other. Resolves to the room's id. */
export async function meet(one: TestClient, two: TestClient, content: Record<string, unknown> = {}): Promise<string> {
  for (const client of [one, two]) {
    const answer = await client.join(content);
    if (!answer.ok) throw new Error(`could not join: ${JSON.stringify(answer)}`);
    await client.hear("waiting_for_partner");
  }
  const [found, foundToo] = await Promise.all([one.hear("partner_found"), two.hear("partner_found")]);
  if (found["roomId"] !== foundToo["roomId"] || found["partnerId"] !== two.user) {
    throw new Error("they did not meet each other");
  }
  return String(found["roomId"]);
}

/** @throws Error if one of them has heard, or is about to hear, anything more */
export async function nothingMore(...clients: readonly TestClient[]): Promise<void> {
  for (const client of clients) await client.settled();
  for (const client of clients) {
    const unheard = client.unheard();
    if (unheard.length > 0) throw new Error(`nothing more was to be heard, but ${JSON.stringify(unheard)} was`);
  }
}
