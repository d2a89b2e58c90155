import { expect, test } from "vitest";
import { newId, useBench } from "../workbench.ts";

const bench = useBench(32);

test("S18: events are numbered from the offset that the client still shows, which stands for none of them", async () => {
  const { sessions, outboxes } = bench.store;
  const id = newId();
  await sessions.open(id, "random", "secret", "node", { lastNumber: 3 });
  for (const text of ['["one"]', '["two"]', '["three"]', '["four"]']) await outboxes.send(id, text);
  const resumed = await sessions.resume(id, "secret", 3, "other");
  expect(resumed).toMatchObject({ record: { number: 7 }, missed: [4, 5, 6, 7].map((number) => ({ number })) });
});
