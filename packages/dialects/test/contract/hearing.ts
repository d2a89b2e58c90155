import { type TestClient, until } from "@switchyard/testkit";
import { expect } from "vitest";
import type { Event } from "./driver.ts";

/** Resolves when each has heard everything that it was told before. */
export async function catchUp(...clients: readonly TestClient[]): Promise<void> {
  for (const client of clients) await client.caughtUp();
}

/** What each of some clients hears from now on. */
export function listen(...clients: readonly TestClient[]): (client: TestClient) => Event[] {
  const marks = new Map(clients.map((client) => [client, client.received.length]));
  return (client) => client.received.slice(marks.get(client)).map(({ name, args }) => [name, ...args] as const);
}

/** The body of a signal by which it is known again. */
export const numbered = (i: number) => ({ i });

/** The numbers of the signals among events, wherever these have their body. */
export function numbersIn(events: readonly Event[]): number[] {
  return events.flatMap(([, ...args]) => args.flatMap(numbersOf));
}

function numbersOf(value: unknown): number[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, content]) => {
    if (key === "i" && typeof content === "number") return [content];
    return numbersOf(content);
  });
}

/** Sends an event, which has to be acknowledged. */
export async function ask(client: TestClient, event: string, ...args: unknown[]): Promise<void> {
  expect(await client.request(event, ...args), event).toMatchObject({ ok: true });
}

/** The first argument of the first event of that name that somebody has received, or receives. */
export function receivedBy(client: TestClient, name: string): Promise<unknown> {
  return until(`"${name}"`, async () => client.received.find((received) => received.name === name)).then(
    ({ args }) => args[0],
  );
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
