import type { TestClient } from "@switchyard/testkit";
import { expect } from "vitest";

/** Lets a client ask for somebody who is there. */
export async function meetAny(client: TestClient, preferences: object = {}): Promise<void> {
  expect(await client.join({ preferences })).toEqual({ ok: true });
}

/** Lets a client wait for somebody. */
export async function wait(client: TestClient, preferences: object = {}): Promise<void> {
  await client.join({ preferences });
  await client.receive("waiting_for_partner");
}

/** The next thing that both hear is that they were paired with each other. */
export async function expectToMeet(
  one: TestClient,
  two: TestClient,
  shared: [string[], string[]] = [[], []],
): Promise<void> {
  const [found, foundToo] = await Promise.all([one.receive("partner_found"), two.receive("partner_found")]);
  expect(found).toMatchObject({ partnerId: two.user, sharedInterests: shared[0], roomId: foundToo["roomId"] });
  expect(foundToo).toMatchObject({ partnerId: one.user, sharedInterests: shared[1] });
}
