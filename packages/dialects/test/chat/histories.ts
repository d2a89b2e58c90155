import type { TestClient } from "@switchyard/testkit";
import { expect } from "vitest";
import { type Chatter, type Message, newName, sendMessage } from "./accounts.ts";

/** Everything that there is, page by page from the end. */
export async function loadAll(client: TestClient, limit?: number): Promise<Message[]> {
  const all: Message[] = [];
  for (let before: string | undefined, hasMore = true; hasMore; before = all[0]?.id) {
    const answer = await client.request("load_messages", { before, ...(limit === undefined ? {} : { limit }) });
    const page = answer["messages"] as Message[];
    expect(page.length).toBeLessThanOrEqual(limit ?? 100);
    all.unshift(...page);
    hasMore = answer["hasMore"] as boolean;
    expect(page.length > 0 || !hasMore).toBe(true);
  }
  return all;
}

/** Says something so many times; resolves to the texts, when the speaker has been told all. */
export async function sayMany(chatter: Chatter, count: number): Promise<string[]> {
  const texts = Array.from({ length: count }, (_, i) => `${newName("text")} ${i}`);
  const answers = await Promise.all(texts.map((text) => sendMessage(chatter, text)));
  expect(answers.every(({ ok }) => ok)).toBe(true);
  await chatter.client.caughtUp();
  return texts;
}
