import { expect, test } from "vitest";
import { newId, useBench } from "../workbench.ts";

const bench = useBench(32);
const now = () => bench.store.clock.now();
const ann = { user: "ann", bearer: undefined };

/** A session of ann's, whose connection is gone. */
async function away(options: { readonly recoversByUser?: boolean; readonly bearer?: string }): Promise<string> {
  const { sessions } = bench.store;
  const id = newId();
  await sessions.open(id, "random", "secret", "node", options);
  await sessions.setUser(id, "ann", undefined, 1);
  await sessions.detach(id, "node", 1, now() + 60_000);
  return id;
}

test("S17: a session whose client can't recover goes on for its user, once, and only while it is detached", async () => {
  const { sessions } = bench.store;
  const id = await away({ recoversByUser: true });
  expect(await sessions.resume(id, { ...ann, user: "bob" }, 0, "other")).toBe("wrongSecret");
  const answers = await Promise.all(bench.stores.map((store) => store.sessions.resume(id, ann, 0, "other")));
  expect(answers.filter((answer) => typeof answer === "object")).toHaveLength(1);
  expect(answers.filter((answer) => answer === "wrongSecret")).toHaveLength(bench.stores.length - 1);
  expect(await sessions.read(id)).toMatchObject({ state: "live", node: "other", epoch: 2, recoversByUser: true });
});

test("S17: one whose client recovers is only resumed with its secret", async () => {
  const { sessions } = bench.store;
  const id = await away({});
  expect(await sessions.resume(id, ann, 0, "other")).toBe("wrongSecret");
  expect(await sessions.resume(id, "", 0, "other")).toBe("wrongSecret");
  expect(await sessions.resume(id, "secret", 0, "other")).toMatchObject({ epoch: 2 });
});

test("S17: where tokens are required, the one of the client that is back must be for the same user", async () => {
  const { sessions } = bench.store;
  const id = await away({ recoversByUser: true, bearer: "ann" });
  expect(await sessions.resume(id, ann, 0, "other")).toBe("wrongSecret");
  expect(await sessions.resume(id, { user: "ann", bearer: "bob" }, 0, "other")).toBe("wrongSecret");
  expect(await sessions.resume(id, { user: "ann", bearer: "ann" }, 0, "other")).toMatchObject({ epoch: 2 });
});
