import { expect, test } from "vitest";
import { newId, useBench } from "../workbench.ts";

const bench = useBench(32);

test("S16: that a client wants a copy of its own messages is known to every node that holds its session", async () => {
  const { sessions } = bench.store;
  const [echoing, plain] = [newId(), newId()];
  await sessions.open(echoing, "", "secret", "node", { echoes: true });
  await sessions.open(plain, "", "secret", "node", { bearer: "ann" });
  for (const [id, echoes] of [
    [echoing, true],
    [plain, false],
  ] as const) {
    expect(await sessions.resume(id, "secret", 0, "other")).toMatchObject({ record: { echoes } });
    expect(await sessions.reconcile(id, 2, 0)).toMatchObject({ record: { echoes } });
  }
});
