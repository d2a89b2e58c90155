import { expectNothingMore, type TestClient, until } from "@switchyard/testkit";
import { expect } from "vitest";

type Found = Record<string, unknown> & {
  readonly roomId: string;
  readonly partnerId: string;
  readonly initiator: boolean;
};

/** The events that somebody receives up to its partner, by name. */
function receivedBy(client: TestClient): Promise<string[]> {
  return until("a partner to be found", () => {
    const names = client.unread().map(([name]) => String(name));
    return names.includes("partner_found") ? names : undefined;
  });
}

/**
 * All who have asked to be paired receive their partner, and one of each two before it that it waits; and nothing else: each is in one
 * room with one other.
 */
export async function expectPairs(clients: readonly TestClient[]): Promise<void> {
  const found = new Map<TestClient, Found>();
  for (const client of clients) {
    const isFirst = (await receivedBy(client))[0] === "waiting_for_partner";
    if (isFirst) await client.receive("waiting_for_partner");
    const partner = await client.receive<Found>("partner_found");
    expect(partner.initiator).toBe(isFirst);
    found.set(client, partner);
  }
  await expectNothingMore(...clients);
  const byUser = new Map(clients.map((client) => [client.user, client]));
  for (const [client, { roomId, partnerId, initiator }] of found) {
    const partner = byUser.get(partnerId) as TestClient;
    expect(found.get(partner)).toMatchObject({ roomId, partnerId: client.user, initiator: !initiator });
  }
  expect(new Set([...found.values()].map(({ roomId }) => roomId)).size).toBe(clients.length / 2);
}
