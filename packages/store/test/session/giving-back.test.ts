import { expect, test } from "vitest";
import { newSession, useBench } from "../workbench.ts";

const bench = useBench();

test("S14: a session that is resumed and given back has no more time than before", async () => {
  const { sessions, clock } = bench.store;
  const session = await newSession(bench.store);
  const deadline = clock.now() + 600_000;
  await sessions.detach(session, "node", 1, deadline);
  for (const epoch of [2, 3]) {
    expect(await sessions.resume(session, "secret", 0, "other")).toMatchObject({ epoch, deadline });
    expect(await sessions.detach(session, "other", epoch, deadline)).toMatchObject({ deadline });
  }
  await sessions.resume(session, "secret", 0, "other");
  expect(await sessions.resume(session, "secret", 0, "third")).toMatchObject({ epoch: 5, deadline: undefined });
});
