import { expectNothingMore, type TestClient } from "@switchyard/testkit";
import { expect } from "vitest";

type Found = Record<string, unknown> & {
  readonly roomId: string;
  readonly partnerId: string;
  readonly initiator: boolean;
};

/** All who have asked to be paired receive that they wait, then their partner, and nothing else: each is in one room with one other. */
export async function expectPairs(clients: readonly TestClient[]): Promise<void> {
  const found = new Map<TestClient, Found>();
  for (const client of clients) {
    await client.receive("waiting_for_partner");
    found.set(client, await client.receive<Found>("partner_found"));
  }
  await expectNothingMore(...clients);
  const byUser = new Map(clients.map((client) => [client.user, client]));
  for (const [client, { roomId, partnerId, initiator }] of found) {
    const partner = byUser.get(partnerId) as TestClient;
    expect(found.get(partner)).toMatchObject({ roomId, partnerId: client.user, initiator: !initiator });
  }
  expect(new Set([...found.values()].map(({ roomId }) => roomId)).size).toBe(clients.length / 2);
}
