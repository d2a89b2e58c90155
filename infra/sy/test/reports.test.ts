import { pairClients, startCluster, type TestCluster } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { sy, syJson } from "./sy.ts";

let cluster: TestCluster;
let environment: Record<string, string>;
beforeAll(async () => {
  cluster = await startCluster({ environment: { LEASE_MS: 60_000, RECONNECT_GRACE_MS: 600_000 } });
  environment = { REDIS_URL: cluster.redisServer.url };
  return cluster.stop;
});
afterEach(() => cluster.empty());

interface Described {
  readonly id: string;
}
const listed = async (...flags: readonly string[]) =>
  (await syJson<{ reports: Described[] }>(environment, "reports", ...flags)).reports.map(({ id }) => id);

/** Two meet, one insults the other, and is reported. */
async function reported() {
  const [ann, bob] = [await cluster.connect(0), await cluster.connect(1)];
  const roomId = await pairClients(ann, bob);
  await bob.request("send_message", { roomId, message: "an insult" });
  const answer = await ann.request("report_user", { roomId, category: "harassment", reason: "he insults me" });
  return { ann, bob, roomId, id: String(answer["reportId"]) };
}

describe("reports", () => {
  test("are listed, shown with what was said, and resolved by name", async () => {
    const { ann, bob, roomId, id } = await reported();
    expect(await listed()).toEqual([id]);
    const { text } = await sy(environment, "reports");
    expect(text).toMatch(new RegExp(`${id} .* ${roomId} +harassment +user ${bob.user} +${ann.user} +open +he insults`));
    const shown = (await sy(environment, "report", id)).text;
    for (const part of ["an insult", "he insults me", "1 reports, 0 upheld, 0 dismissed", `user ${bob.user}`]) {
      expect(shown).toContain(part);
    }
    const by = ["--reason", "An insult", "--by", "max"];
    const upheld = await syJson<object>(environment, "resolve", id, "uphold", ...by);
    expect(upheld).toMatchObject({ id, resolution: { verdict: "upheld", reason: "An insult", by: "max" } });
    expect([await listed(), await listed("--all")]).toEqual([[], [id]]);
    const dismissed = await sy(environment, "resolve", id, "dismiss", "--reason", "A quarrel");
    expect(dismissed.text).toContain("dismissed by sy: A quarrel");
    expect((await sy(environment, "report", id)).text).toContain("1 reports, 0 upheld, 1 dismissed");
    const log = (await sy(environment, "audit")).text;
    expect(log).toMatch(new RegExp(`max +uphold +user ${bob.user} +random +report ${id} +An insult`));
    expect(log).toMatch(new RegExp(`sy +dismiss +user ${bob.user} +random +report ${id} +A quarrel`));
    const { entries } = await syJson<{ entries: object[] }>(environment, "audit", "--limit", "1");
    expect(entries).toMatchObject([{ action: "dismiss", report: { id, reported: { user: bob.user } } }]);
  });

  test("sy message rm removes a message for everyone, with an entry in the log", async () => {
    const [ann, bob] = [await cluster.connect(0), await cluster.connect(1)];
    const roomId = await pairClients(ann, bob);
    const { id } = await bob.request("send_message", { roomId, message: "an insult" });
    await ann.receive("new_message");
    const args = ["message", "rm", roomId, String(id), "--reason", "An insult"];
    const done = await sy(environment, ...args, "--by", "max");
    expect(done.text).toContain(`the message of user ${bob.user} is removed from ${roomId}`);
    expect(await ann.receive("message_removed")).toEqual({ id });
    expect((await sy(environment, ...args)).code).toBe(1);
    const log = (await sy(environment, "audit")).text;
    expect(log).toMatch(new RegExp(`max +remove-message +user ${bob.user} +random +message ${id} +An insult`));
  });

  test.each([
    [["message", "rm", "chat:all", "1-0", "--reason", "x"], 1],
    [["message", "rm", "chat:all", "1-0"], 2],
    [["message", "show", "chat:all", "1-0", "--reason", "x"], 2],
    [["report", "none"], 1],
    [["resolve", "none", "uphold", "--reason", "x"], 1],
    [["resolve", "none", "maybe", "--reason", "x"], 2],
    [["resolve", "none", "uphold"], 2],
    [["resolve", "none", "uphold", "--reason", ""], 2],
    [["reports", "--before", "none"], 2],
  ])("%j ends with %i", async (args, code) => {
    expect((await sy(environment, ...args)).code).toBe(code);
  });
});
