import { Search } from "@switchyard/testkit";
import * as fc from "fast-check";
import { afterAll, beforeAll, test } from "vitest";
import { type Connections, connect } from "../model/redis.ts";
import { BanPlay, type Move } from "./ban-play.ts";

const search = new Search({ cases: 150, seconds: 6, leastCases: 15 });
const choice = fc.nat(63);
const user = fc.nat(2);
const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ do: fc.constant("ban" as const), user, choice }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("unban" as const), user, choice }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("shadow" as const), user, choice }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("unshadow" as const), user, choice }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("sweep" as const), user, choice }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("kill" as const), user, choice }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("commit" as const), user, choice }) },
    { weight: 12, arbitrary: fc.record({ do: fc.constant("step" as const), user, choice }) },
  ),
  { minLength: 10, maxLength: 120 },
);

let connections: Connections;
beforeAll(async () => {
  connections = await connect();
});
afterAll(() => connections.close());

test(
  "bans and shadows come and go by processes that are slow, lost or killed: no banned user is paired, nobody across the shadow pool's boundary, and everyone else is",
  async () => {
    const playOne = (script: readonly Move[]) => new BanPlay(connections).play(script);
    await fc.assert(fc.asyncProperty(moves, search.predicate(playOne)), search.parameters);
  },
  search.timeoutMs,
);
