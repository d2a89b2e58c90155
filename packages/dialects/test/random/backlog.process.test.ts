import { expectNothingMore, startCluster, type TestClient } from "@switchyard/testkit";
import { expect, onTestFinished, test } from "vitest";
import { patient } from "../patient.ts";
import { expectToMeet, meetAny } from "./strangers.ts";

test("without preferences a backlog is paired first come, first served", async () => {
  const cluster = await startCluster({ matchmakers: 0, environment: patient });
  onTestFinished(cluster.stop);
  const matchmaker = await cluster.startProcess("matchmaker");
  const clients = await Promise.all(Array.from({ length: 12 }, (_, i) => cluster.connect(i % 2)));
  matchmaker.signal("SIGSTOP");
  for (const client of clients) await meetAny(client);
  expect(clients.flatMap((client) => client.unread())).toEqual([]);
  matchmaker.signal("SIGCONT");
  for (let i = 0; i < clients.length; i += 2) {
    await clients[i]?.receive("waiting_for_partner");
    await expectToMeet(clients[i] as TestClient, clients[i + 1] as TestClient);
  }
  await expectNothingMore(...clients);
  await cluster.empty();
});
