import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { tokenFor } from "./tokens.ts";

const secret = "a secret that these tests alone know";
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({
    matchmakers: 0,
    environment: { ...patient, JWT_SECRET: secret, TOKEN_MODE: "required" },
  });
  return cluster.stop;
});

const open = (namespace: string, node: number, claims: { sub: string; username?: string }) =>
  cluster.connect(node, { namespace, auth: { token: tokenFor(secret, claims) } });

test("in a meeting others see the name of the token, whatever its client says; else the client's", async () => {
  const host = await open("/rooms", 0, { sub: "host" });
  await host.request("join-room", { roomId: "hall", userName: "Host" });
  const named = await open("/rooms", 1, { sub: "ann", username: "Ann of the token" });
  await named.request("join-room", { roomId: "hall", userName: "The boss" });
  const unnamed = await open("/rooms", 1, { sub: "ben" });
  await unnamed.request("join-room", { roomId: "hall", userName: "Ben himself" });
  const seen = await names(host, "user-joined", ({ userName }) => userName, 2);
  expect(seen.toSorted()).toEqual(["Ann of the token", "Ben himself"]);
});

test("the same among the users online", async () => {
  const watcher = await open("/calls", 0, { sub: "watcher" });
  await watcher.request("user-joined", { id: "watcher", username: "Watcher" });
  const named = await open("/calls", 1, { sub: "carl", username: "Carl of the token" });
  await named.request("user-joined", { id: "carl", username: "The boss" });
  expect(await names(watcher, "user-joined", ({ username }) => username, 1)).toEqual(["Carl of the token"]);
});

test("of a longer name of a token others see as much as of a client's", async () => {
  const watcher = await open("/calls", 0, { sub: "spectator" });
  await watcher.request("user-joined", { id: "spectator", username: "Spectator" });
  const named = await open("/calls", 1, { sub: "dora", username: "d".repeat(65) });
  await named.request("user-joined", { id: "dora", username: "Dora" });
  expect(await names(watcher, "user-joined", ({ username }) => username, 1)).toEqual(["d".repeat(64)]);
});

type Payload = Readonly<Record<"userName" | "username", string>>;

/** The names in the first events of that kind. */
async function names(
  client: Awaited<ReturnType<typeof open>>,
  event: string,
  nameIn: (payload: Payload) => string,
  count: number,
): Promise<string[]> {
  return until(`${count} names`, () => {
    const events = client.received.filter(({ name }) => name === event);
    return events.length < count ? undefined : events.map(({ args }) => nameIn(args[0] as Payload));
  });
}
