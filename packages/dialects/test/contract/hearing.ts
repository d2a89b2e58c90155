import type { TestClient } from "@switchyard/testkit";
import { expect } from "vitest";
import type { Event } from "./driver.ts";

/** Resolves when each has heard everything that it was told before. */
export async function catchUp(...clients: readonly TestClient[]): Promise<void> {
  for (const client of clients) await client.caughtUp();
}

/** What each of some clients hears from now on. */
export function listen(...clients: readonly TestClient[]): (client: TestClient) => Event[] {
  const marks = new Map(clients.map((client) => [client, client.received.length]));
  return (client) =>
    client.received.slice(marks.get(client)).map(({ name, args }) => [name, ...args] as unknown as Event);
}

/** The numbers of the candidates among events. */
export function numbersIn(events: readonly Event[]): number[] {
  return events.flatMap(([, payload]) => {
    const i = (payload as { candidate?: { i?: number } } | undefined)?.candidate?.i;
    return i === undefined ? [] : [i];
  });
}

/** @throws AssertionError if somebody has heard, or is about to hear, anything since */
export async function nothingSince(
  received: (client: TestClient) => readonly Event[],
  ...clients: readonly TestClient[]
): Promise<void> {
  await catchUp(...clients);
  expect(clients.flatMap((client) => received(client))).toEqual([]);
}

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
