import { allWaysTo, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { enterChatroom, JWT_SECRET, newName, refused, tokenFor } from "./accounts.ts";

/** In seconds: longer than it takes to connect, also on a machine that stands still. */
const LIFETIME = 12;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

describe.each(allWaysTo("chat"))("connecting $way", (options) => {
  test("a session ends when its token does: error, then a disconnect; nothing of it is left", async () => {
    const name = newName("ann");
    const bob = await enterChatroom(cluster, 1, options);
    const client = await cluster.connect(0, { ...options, auth: { token: tokenFor({ sub: name }, LIFETIME) } });
    await client.receive("message_history");
    const reason = await new Promise((done) => client.socket.once("disconnect", done));
    expect(reason).toBe("io server disconnect");
    expect(await client.receive("error")).toEqual({ type: "unauthorized", message: "Your token has expired." });
    await until("the user to be gone", async () => (await cluster.redis.keys(`*${name}*`)).length === 0);
    await until("the others to be told", () => bob.client.names.at(-1)?.total === 1);
    client.socket.connect();
    expect((await refused(client.socket)).data).toEqual({ code: "token_expired" });
  });
});
