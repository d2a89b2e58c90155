import { pairClients, startCluster, type TestCluster } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";

const COSTLY = 10;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: { ...patient, RATE_LIMIT_POINTS: COSTLY, RATE_LIMIT_DURATION: 86_400 } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

test.each(["leave_room", "block_user"])(
  "who may say nothing more for a while can still %s, and wait no more",
  async (way) => {
    const [ann, bob] = await Promise.all([cluster.connect(0), cluster.connect(1)]);
    const roomId = await pairClients(ann, bob);
    for (let i = 1; i < COSTLY; i += 1) await ann.request("send_message", { roomId, message: "!" });
    expect((await ann.request("next", {})).error?.code).toBe("rate_limited");
    expect(await ann.request(way, { roomId })).toEqual({ ok: true });
    for (let i = 1; i < COSTLY; i += 1) expect(await bob.request("next", {})).toEqual({ ok: true });
    expect((await bob.request("next", {})).error?.code).toBe("rate_limited");
    expect(await bob.request("leave_queue", {})).toEqual({ ok: true });
  },
);
