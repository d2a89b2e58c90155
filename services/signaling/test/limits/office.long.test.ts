import { startCluster, type TestClient, type TestCluster } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { readSignalingConfig } from "../../src/config.ts";
import { patient } from "../patient.ts";
import { from } from "./handshakes.ts";

let cluster: TestCluster;
beforeAll(async () => {
  /** The defaults: an office has to be served with them. */
  const { CONNECT_RATE_LIMIT_POINTS, ADDRESS_RATE_LIMIT_USERS, RATE_LIMIT_POINTS, SIGNAL_RATE_LIMIT_POINTS } =
    readSignalingConfig({});
  const limits = { CONNECT_RATE_LIMIT_POINTS, ADDRESS_RATE_LIMIT_USERS, RATE_LIMIT_POINTS, SIGNAL_RATE_LIMIT_POINTS };
  const environment = { ...patient, ...limits, TRUST_PROXY: "loopback", CONNECT_RATE_LIMIT_DURATION: 3600 };
  cluster = await startCluster({ matchmakers: 0, environment });
  return cluster.stop;
});

test("500 clients behind one address are all served when their node is gone, and the other one too", async () => {
  const extraHeaders = from("203.0.113.2");
  const clients: TestClient[] = [];
  const errors: Error[] = [];
  const connect = async (i: number) => {
    const client = cluster.client(i % 2, { extraHeaders });
    client.socket.on("connect_error", (error) => void ("data" in error && errors.push(error))); // a time-out has none
    clients.push(await client.connected());
  };
  await Promise.all(Array.from({ length: 500 }, (_, i) => connect(i)));
  for (const client of clients) client.cut();
  await Promise.all(clients.map((client) => client.connected(2)));
  expect(errors).toEqual([]);
  expect(clients.filter(({ socket }) => socket.recovered)).toHaveLength(500);
  const hits = cluster.nodes.map((node) => node.metric(`switchyard_limits_hit_total\\{limit="address-connect".*\\}`));
  for (const count of await Promise.all(hits)) expect(count || 0).toBe(0);
});
