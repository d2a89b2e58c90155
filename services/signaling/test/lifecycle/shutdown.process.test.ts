import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";
import { startProcess } from "../processes.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, environment: patient }); // a matchmaker sweeps up what a slow node did not detach
  return cluster.stop;
});

test("every client receives `server-shutdown`, also before its dialect is known; all come back, recovered", async () => {
  const stopping = await startProcess(cluster, { SHUTDOWN_MS: 200 });
  const proxies = await Promise.all(["/", "/", "/random", "/rooms"].map(() => cluster.proxy(stopping)));
  const [undecided, decided, ...named] = await Promise.all(
    ["/", "/", "/random", "/rooms"].map((namespace, i) => cluster.connect(proxies[i] ?? stopping, { namespace })),
  );
  await decided?.request("register", { userId: decided.user, matchId: `match-${decided.user}` });
  await decided?.receive("joined");
  for (const proxy of proxies) proxy.routeTo(cluster.node(0).port);
  stopping.signal("SIGTERM");
  for (const client of [undecided, decided, ...named]) {
    expect(await client?.receive("server-shutdown")).toEqual({ message: "This server is stopping." });
    await client?.connected(2);
    expect(client?.connections[1]).toEqual({ id: client?.connections[0]?.id, recovered: true });
    expect(client?.unread()).toEqual([]);
  }
  expect(await stopping.ended).toMatchObject({ code: 0 });
  expect(await undecided?.join()).toEqual({ ok: true });
});

test("those who come back to it again and again don't keep it from stopping, and go on elsewhere, recovered", async () => {
  const stopping = await startProcess(cluster, { SHUTDOWN_MS: 200 });
  const proxies = await Promise.all(Array.from({ length: 20 }, () => cluster.proxy(stopping)));
  const clients = await Promise.all(proxies.map((proxy) => cluster.connect(proxy)));
  stopping.signal("SIGTERM");
  expect(await stopping.ended).toMatchObject({ code: 0 });
  for (const proxy of proxies) proxy.routeTo(cluster.node(0).port);
  for (const client of clients) {
    expect(await client.request("leave_queue", {})).toMatchObject({ error: { code: "not_joined" } }); // as soon as it is back
    expect(client.connections.map(({ id, recovered }) => [id, recovered])).toEqual(
      client.connections.map((_, i) => [client.connections[0]?.id, i > 0]),
    );
  }
});
